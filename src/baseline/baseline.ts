// The front of `baseline`: which stored runs a gate is compared with, and what a new run is to them.
// The stores are `branch` and `folder`, which come in as a port.

export { newerThan, openEpoch, undoEpoch } from './accept.ts'
export { chooseBaseline } from './choose-baseline.ts'
export { historyTable } from './history-table.ts'
export { type Owner, storeOfConfig } from './of-config.ts'
export { regressedBetween } from './regressed-between.ts'
export { standingOf } from './standing.ts'
