// What Node compiled of a program is kept for the next process that starts it: the tests start the same
// few programs some hundred times, and compiling takes longer than most of them run. jest.config.mjs
// says where, and a process that inherits the environment needs nothing more.

/** For an environment that is made from nothing. */
export const COMPILED = { NODE_COMPILE_CACHE: process.env.NODE_COMPILE_CACHE ?? '' } as const
