// A column of a table in JSON: one value per row. Where most rows say the same it is written as
// that value and the exceptions, which is what keeps a run file small.

import { asArray, asCount, asObject, ForeignData } from '../json/json.ts'

export type Cell = string | number | boolean | null
export type Column =
  | readonly Cell[]
  | { readonly all: Cell; readonly but?: readonly (readonly [number, Cell])[] }

/** The shorter of both forms, in characters. */
export function encodeColumn(cells: readonly Cell[]): Column {
  const all = commonest(cells)
  const but = [...cells.entries()].filter(([, cell]) => cell !== all)
  if (but.length === 0) return { all }
  const sparse = { all, but }
  return JSON.stringify(sparse).length < JSON.stringify(cells).length ? sparse : cells
}

/** One unknown value per row; what each must be is the caller's to check. */
export function decodeColumn(value: unknown, rows: number, place: string): readonly unknown[] {
  if (Array.isArray(value)) {
    if (value.length === rows) return value
    throw new ForeignData(`${place} has ${value.length} values for ${rows} records`)
  }
  const sparse = asObject(value, place)
  const cells: unknown[] = new Array(rows).fill(sparse.all)
  for (const exception of asArray(sparse.but ?? [], `${place}.but`)) {
    const [row, cell] = asArray(exception, `${place}.but`)
    if (asCount(row, `${place}.but`) >= rows) {
      throw new ForeignData(`${place}.but names record ${row} of ${rows}`)
    }
    cells[asCount(row, `${place}.but`)] = cell
  }
  return cells
}

function commonest(cells: readonly Cell[]): Cell {
  const counts = new Map<Cell, number>()
  for (const cell of cells) counts.set(cell, (counts.get(cell) ?? 0) + 1)
  let best: Cell = null
  for (const [cell, count] of counts) {
    if (count > (counts.get(best) ?? 0)) best = cell
  }
  return best
}
