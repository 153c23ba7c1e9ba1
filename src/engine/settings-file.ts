import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import * as v from 'valibot';
import { messageOf } from '#shared/errors.ts';
import type { Mapping } from '#shared/model/mapping.ts';
import { parseSettings, settingsSchema, storageAddressSchema } from '#shared/model/settings.ts';
import type { Settings, SettingsChange } from '#shared/model/settings.ts';
import { feedConfigSchema, sourceConfigSchema } from '#shared/model/source.ts';

const idSchema = v.pipe(v.number(), v.safeInteger(), v.minValue(1));
const knownSourceSchema = v.object({
	id: idSchema,
	config: v.variant('type', [sourceConfigSchema, feedConfigSchema]),
});

const marksSchema = v.record(storageAddressSchema, settingsSchema.entries.marks);

/** A source as it is remembered. */
export type KnownSource = v.InferOutput<typeof knownSourceSchema>;

/** What is the user's own and outlives the log database. */
export interface UserData {
	readonly settings: Settings;
	readonly sources: readonly KnownSource[];
	/** The storage that the marks in the settings belong to, and those of others by their addresses. */
	readonly marks_of: string;
	readonly other_marks: Readonly<Record<string, Settings['marks']>>;
	/** The id the next new source gets. */
	readonly next_source: number;
}

/** `settings.json` in the data folder: read once, written whole at each change. */
export class SettingsFile {
	readonly #path: string;

	constructor(path: string) {
		this.#path = path;
	}

	/**
	 * What is stored, defaults where nothing is. A file that can't be understood is renamed, never
	 * overwritten; `problem` then says so. `isUnread`: it is there and could not be read.
	 */
	load(): { readonly data: UserData; readonly problem?: string; readonly isUnread?: true } {
		let text: string;
		try {
			text = readFileSync(this.#path, 'utf8');
		} catch (error) {
			const isNew = error instanceof Error && 'code' in error && error.code === 'ENOENT';
			return isNew
				? { data: parseUserData({}) }
				: {
						data: parseUserData({}),
						problem: `The settings ${this.#path} can't be read (${messageOf(error)}): defaults are used.`,
						isUnread: true,
					};
		}
		try {
			return { data: parseUserData(JSON.parse(text)) };
		} catch {
			return { data: parseUserData({}), problem: this.#setAside() };
		}
	}

	#setAside(): string {
		const aside = `${this.#path}.broken-${Date.now()}`;
		try {
			renameSync(this.#path, aside);
			return `The settings ${this.#path} could not be understood. They were kept as ${aside}, and defaults are used. Open your log files again.`;
		} catch (error) {
			return `The settings ${this.#path} could not be understood, nor be renamed (${messageOf(error)}): defaults are used.`;
		}
	}

	/** Replaces the file in one step, so that a crash leaves the old one or the new one. Throws. */
	save(data: UserData): void {
		mkdirSync(dirname(this.#path), { recursive: true });
		const temporary = `${this.#path}.new`;
		writeFileSync(temporary, `${JSON.stringify(data, undefined, '\t')}\n`, {
			mode: 0o600,
			flush: true,
		});
		renameSync(temporary, this.#path);
	}
}

function parseUserData(value: unknown): UserData {
	if (typeof value !== 'object' || value === null || Array.isArray(value)) {
		throw new TypeError('expected an object');
	}
	const given: Readonly<Record<string, unknown>> = { ...value };
	const listed = Array.isArray(given['sources']) ? given['sources'] : [];
	const valid = listed.filter((source) => v.is(knownSourceSchema, source));
	const sources = valid.filter(
		({ id }, index) => valid.findIndex((other) => other.id === id) === index,
	);
	const next = v.is(idSchema, given['next_source']) ? given['next_source'] : 1;
	return {
		settings: parseSettings(given['settings']),
		sources,
		marks_of: v.is(storageAddressSchema, given['marks_of']) ? given['marks_of'] : 'sqlite',
		other_marks: v.is(marksSchema, given['other_marks']) ? given['other_marks'] : {},
		next_source: Math.max(next, ...sources.map((source) => source.id + 1)),
	};
}

/** A change without the settings it leaves out, which valibot may hand over as `undefined`. */
export function definedOnly(change: SettingsChange): Partial<Settings> {
	return Object.fromEntries(Object.entries(change).filter(([, value]) => value !== undefined));
}

/** The sources with one of them mapped; an empty mapping is none. */
export function withMapping(
	sources: readonly KnownSource[],
	id: number,
	mapping: Mapping,
): readonly KnownSource[] {
	return sources.map((known) => {
		const { mapping: _, ...config } = known.config;
		const isNone = Object.keys(mapping).length === 0;
		return known.id === id ? { id, config: isNone ? config : { ...config, mapping } } : known;
	});
}
