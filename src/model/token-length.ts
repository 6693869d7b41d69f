// How long a token is where nobody counted.

/** Characters, which holds for English prose within a third or so. */
export const CHARACTERS_PER_TOKEN = 4
