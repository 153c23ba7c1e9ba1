/**
 * What the scanners are made for. Both keep to these, so the AssemblyScript of `wasm` imports them
 * too: numbers only.
 */

/** Objects and arrays within each other, the record itself being the first. */
export const MAX_DEPTH = 100;

/** Bytes of a level, and of a logger or a task. */
export const MAX_LEVEL_LENGTH = 32;
export const MAX_TEXT_LENGTH = 200;

/** How many texts of a kind, and bytes of them, are remembered until all are forgotten. */
export const MAX_LEVELS = 1_024;
export const MAX_LEVEL_BYTES = 32_768;
export const MAX_LOGGERS = 16_384;
export const MAX_LOGGER_BYTES = 1_048_576;
export const MAX_TASKS = 131_072;
export const MAX_TASK_BYTES = 8_388_608;
