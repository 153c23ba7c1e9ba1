import type { JsonRecord, ParsedRecord, Path } from '../json-record.ts';
import type { ZonelessTime } from '../parse-time.ts';

/** A level as it was found. */
export interface FoundLevel {
	/** Upper case. */
	readonly level: string;
	/** On Python's scale. */
	readonly severity: number;
	/** The value that says so; without it the format itself does. */
	readonly path?: Path;
}

/** Finds the level in a record. */
export type LevelReader = (record: JsonRecord) => FoundLevel | undefined;

/** A way of writing log records as JSON: how it is recognised, and where its columns are. */
export interface Format {
	/** As a user would name it. */
	readonly name: string;
	/** Every record of this format has at least one of these keys. */
	readonly signs: readonly string[];
	/** Whether a record that no format above it in the table claims is of this one. */
	readonly matches: (record: JsonRecord) => boolean;
	/** Where the time may be; the first that is one counts. */
	readonly time: readonly Path[];
	readonly zoneless: ZonelessTime;
	readonly level: LevelReader;
	/** The first of these that is not null is the message. */
	readonly message: readonly Path[];
	/** For a message that has to be made: asked before `message`, `undefined` where it need not. */
	readonly makeMessage?: ((record: ParsedRecord) => MadeMessage | undefined) | undefined;
	readonly logger: readonly Path[];
	readonly task: readonly Path[];
	/** Objects whose members are extra by themselves. */
	readonly opened: readonly Path[];
	/** Copies of what the columns show. */
	readonly hidden: readonly Path[];
	/** The exception as text, where this format has one. */
	readonly exception: (record: JsonRecord) => string | undefined;
	/** Its records say that others are lost. */
	readonly isGap?: boolean;
	/** Why a record is shown as one that could not be read as it should. */
	readonly problem?: (record: JsonRecord) => string | undefined;
}

export interface MadeMessage {
	readonly text: string;
	/** The value it was made of. */
	readonly path: Path;
}

type Optional = 'zoneless' | 'level' | 'task' | 'opened' | 'hidden' | 'exception';

/** A format with what most of them have in common. */
export function defineFormat(
	format: Omit<Format, Optional> &
		Partial<Pick<Format, Optional>> & { readonly level: LevelReader },
): Format {
	return {
		zoneless: 'local',
		task: TASK_PATHS,
		opened: [],
		hidden: [],
		exception: () => undefined,
		...format,
	};
}

/** Keys as paths of their own. */
export function paths(...keys: readonly string[]): readonly Path[] {
	return keys.map((key) => [key]);
}

/** In the order AsyncZ's own handler looks for them. */
const TASK_KEYS = ['task_id', 'job_id', 'asyncz_task_id'] as const;

/** Objects in which loggers put what was bound to the record, the task id among it. */
const BOUND_KEYS: readonly Path[] = [
	['extra'],
	['record', 'extra'],
	['attributes'],
	['fields'],
	['@fields'],
	['context'],
];

export const TASK_PATHS: readonly Path[] = [
	...paths(...TASK_KEYS),
	...BOUND_KEYS.flatMap((outer) => TASK_KEYS.map((key) => [...outer, key])),
];

export function isString(value: unknown): value is string {
	return typeof value === 'string';
}

export function isNumber(value: unknown): value is number {
	return typeof value === 'number';
}
