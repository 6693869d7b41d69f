// The variables of a process, as whoever runs it set them.

export type Environment = Readonly<Record<string, string | undefined>>
