// The front of `json`: values of unknown shape, read with a place for every complaint.

export {
  asArray,
  asCount,
  asNumber,
  asObject,
  asText,
  ForeignData,
  type JsonObject,
  optional,
  parseJson,
  present,
  shownJson,
} from './json-reader.ts'
export {
  countAt,
  isObject,
  jsonOrNothing,
  lengthAt,
  listAt,
  objectAt,
  textAt,
} from './untyped-json.ts'
