import type { EngineApi, MappingPreview } from '#shared/api/engine.ts';
import { messageOf } from '#shared/errors.ts';
import type { EntryRow } from '#shared/model/entry.ts';
import { MAPPED_FIELDS } from '#shared/model/mapping.ts';
import type { MappedField, Mapping } from '#shared/model/mapping.ts';
import type { SourceId } from '#shared/model/source.ts';
import type { Clock } from '../../lib/clock.ts';
import { jsonValues, pathKey } from '../../lib/json-values.ts';
import type { JsonValue } from '../../lib/json-values.ts';

/** A preview is asked for this long after the last choice. */
const PREVIEW_MS = 150;

/** What the editor asks of the engine. */
export type MappingApi = Pick<EngineApi, 'previewMapping' | 'setMapping'>;

/** A source, and the entry the editor was opened from, if there was one. */
export interface MappingTarget {
	readonly id: SourceId;
	readonly seq?: number | undefined;
	/** What the source is mapped by now. */
	readonly mapping?: Mapping | undefined;
}

/** The dialog that says which values of a source's lines are its columns. */
export class MappingEditor {
	/** What was chosen so far. */
	mapping: Mapping = $state.raw({});
	/** Lines as they read now and as they would; `undefined` until they are here. */
	previews: readonly MappingPreview[] | undefined = $state.raw();
	/** Which of the lines is looked at. */
	index = $state(0);
	/** The column that a value clicked in the line becomes. */
	field: MappedField = $state('time');
	problem: string | undefined = $state();
	isApplying = $state(false);
	/** The preview is not yet that of what was chosen. */
	isStale = $state(true);
	readonly #api: MappingApi;
	readonly #clock: Clock;
	readonly #target: MappingTarget;
	#asked = 0;
	#cancel: () => void = () => {};

	/** The line that is looked at, as far as it is JSON. */
	readonly json = $derived(jsonOf(this.previews?.[this.index]?.raw ?? ''));
	/** The values in it that can be chosen. */
	readonly values: readonly JsonValue[] = $derived(jsonValues(this.json));
	readonly changedCount = $derived(
		(this.previews ?? []).filter(({ before, after }) => changedFields(before, after).size > 0)
			.length,
	);

	constructor(api: MappingApi, clock: Clock, target: MappingTarget) {
		this.#api = api;
		this.#clock = clock;
		this.#target = target;
		this.mapping = target.mapping ?? {};
		void this.#preview();
	}

	get isEmpty(): boolean {
		return Object.keys(this.mapping).length === 0;
	}

	/** Says which value is a column; without a path it is found as without a mapping. */
	choose(field: MappedField, path: readonly string[] | undefined): void {
		const { [field]: _before, ...others } = this.mapping;
		this.mapping = path === undefined ? others : { ...others, [field]: [...path] };
		this.problem = undefined;
		this.isStale = true;
		this.#cancel();
		this.#cancel = this.#clock.after(PREVIEW_MS, () => void this.#preview());
	}

	/** Takes the value at this place of the tree for the field whose turn it is; the next one's follows. */
	pick(place: string): void {
		const value = this.values.find((one) => one.place === place);
		if (value !== undefined) {
			this.choose(this.field, value.path);
			const from = MAPPED_FIELDS.indexOf(this.field) + 1;
			const others = [...MAPPED_FIELDS.slice(from), ...MAPPED_FIELDS.slice(0, from)];
			this.field = others.find((field) => this.mapping[field] === undefined) ?? this.field;
		}
	}

	/** Which columns each value of the tree was chosen for, by its place. */
	get marks(): ReadonlyMap<string, string> {
		const marks = new Map<string, string>();
		for (const field of MAPPED_FIELDS) {
			const path = this.mapping[field];
			const value = path === undefined ? undefined : this.valueOf(path);
			if (value !== undefined) {
				const others = marks.get(value.place);
				marks.set(value.place, others === undefined ? field : `${others}, ${field}`);
			}
		}
		return marks;
	}

	/** The value of this path in the line that is looked at. */
	valueOf(path: readonly string[]): JsonValue | undefined {
		const key = pathKey(path);
		return this.values.find((value) => pathKey(value.path) === key);
	}

	/** Sets what was chosen; `false` when that failed and `problem` says why. */
	apply(): Promise<boolean> {
		return this.#set(this.mapping);
	}

	/** Takes the source's mapping back; `false` when that failed and `problem` says why. */
	remove(): Promise<boolean> {
		return this.#set({});
	}

	close(): void {
		this.#cancel();
		this.#asked = Infinity;
	}

	async #set(mapping: Mapping): Promise<boolean> {
		this.isApplying = true;
		this.problem = undefined;
		try {
			await this.#api.setMapping({ id: this.#target.id, mapping });
			return true;
		} catch (error) {
			this.problem = messageOf(error);
			return false;
		} finally {
			this.isApplying = false;
		}
	}

	async #preview(): Promise<void> {
		const number = ++this.#asked;
		const { id, seq } = this.#target;
		try {
			const previews = await this.#api.previewMapping({
				id,
				mapping: this.mapping,
				...(seq === undefined ? {} : { seq }),
			});
			if (number === this.#asked) {
				this.#take(previews);
			}
		} catch (error) {
			if (number === this.#asked) {
				this.problem = messageOf(error);
			}
		}
	}

	/** The line looked at stays, also where newer ones have come meanwhile. */
	#take(previews: readonly MappingPreview[]): void {
		const seq = this.previews?.[this.index]?.before.seq;
		this.previews = previews;
		this.index = Math.max(
			previews.findIndex(({ before }) => before.seq === seq),
			0,
		);
		this.isStale = false;
	}
}

/** Which columns of an entry a mapping changes. */
export function changedFields(before: EntryRow, after: EntryRow): ReadonlySet<MappedField> {
	const changed: Readonly<Record<MappedField, boolean>> = {
		time: before.ts !== after.ts,
		level: before.level !== after.level,
		message: before.message !== after.message,
		logger: before.logger !== after.logger,
		task: before.task_id !== after.task_id,
	};
	return new Set(MAPPED_FIELDS.filter((field) => changed[field]));
}

/** A line may have others behind it, those of a traceback: they are no part of its JSON. */
function jsonOf(raw: string): string {
	const end = raw.indexOf('\n');
	const first = end === -1 ? raw : raw.slice(0, end);
	return jsonValues(first).length > 0 ? first.trimEnd() : raw.trim();
}
