// Work that must not delay a time stamp. One turn of the event loop may read many sockets one after
// the other; decoding the first before stamping the second would charge our own work to the second
// endpoint's answer. So a read is only stamped, and everything else waits for the turn's end.

export type AfterReads = {
  /** Runs the work, in order, once every socket that is readable now has been read. */
  run(work: () => void): void
}

export function createAfterReads(): AfterReads {
  let queue: (() => void)[] = []

  function drain(): void {
    const batch = queue
    queue = []
    for (const work of batch) work()
  }

  return {
    run(work) {
      if (queue.push(work) === 1) setImmediate(drain)
    },
  }
}
