// JSON has no infinity and no absence that a schema can require: null stands for both. Which of the
// two it means is fixed for each member; these two functions are the two meanings.

/** An object without the members that are null: null meant "not known". */
export function present<T extends object>(
  members: T,
): { [Name in keyof T as null extends T[Name] ? never : Name]: T[Name] } & {
  [Name in keyof T as null extends T[Name] ? Name : never]?: Exclude<T[Name], null>
}
export function present(members: object): object {
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== null))
}

/** A number that was infinite where null meant "beyond everything". */
export function orInfinite(value: number | null, sign: 1 | -1 = 1): number {
  return value ?? sign * Number.POSITIVE_INFINITY
}

/** Null for what is not finite; JSON.stringify would do it unseen. */
export function finiteOrNull(value: number | undefined): number | null {
  return value !== undefined && Number.isFinite(value) ? value : null
}
