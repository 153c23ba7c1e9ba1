import type { TextKind } from './scanner.ts';

/** What a record may have for the scanner to know it; both scanners keep to the same. */

/** Objects and arrays within each other, the record itself being the first. */
export const MAX_DEPTH = 100;

/** Bytes of a level, and of a logger or a task. */
export const MAX_LEVEL_LENGTH = 32;
export const MAX_TEXT_LENGTH = 200;

/** Keys of a record that are none of AsyncZ's. */
export const MAX_OTHER_KEYS = 16;

/** How many texts of a kind, and bytes of them, are remembered until they are forgotten. */
export const TEXT_LIMITS: Readonly<Record<TextKind, { count: number; bytes: number }>> = {
	level: { count: 1_024, bytes: 32_768 },
	logger: { count: 16_384, bytes: 1_048_576 },
	task: { count: 131_072, bytes: 8_388_608 },
};
