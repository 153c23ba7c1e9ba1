/**
 * What a frame may ask of the process that reads it. A pickle is a program: a few bytes can ask
 * for any amount of memory or time, so that each kind of asking has its own bound. All are far
 * above what `logging` sends.
 */

/**
 * Bytes of a frame. Lengths below this have a first byte of 0, by which a stream of frames is told
 * from text.
 */
export const MAX_FRAME_BYTES = 2 ** 24;

/** Opcodes in a frame: five for each value that may be written, as picklers use about three. */
export const MAX_OPCODES = 500_000;

/** Values and marks that wait on the stack. A tuple waits there whole, however long it is. */
export const MAX_STACK = 100_000;

/** Values that are remembered; picklers number them from 0, so that this bounds the number too. */
export const MAX_MEMO = 100_000;

/** Digits of an integer: what Python itself reads and writes (`sys.int_info`, since 3.11). */
export const MAX_DIGITS = 4_300;

/** Bytes of an integer in binary: those of 4,300 digits. */
export const MAX_LONG_BYTES = 1_786;

/**
 * Values in a line. A value that is remembered counts each time it is written: forty doublings of
 * a list would be a billion values.
 */
export const MAX_VALUES = 100_000;

/** Levels of nesting in a line; deeper values become `"…"`. The app reads 200 levels. */
export const MAX_DEPTH = 100;

/** Characters in a line: a frame of the greatest size with every second character escaped. */
export const MAX_LINE_LENGTH = 2 * MAX_FRAME_BYTES;
