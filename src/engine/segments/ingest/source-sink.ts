import type {
	FileIdentity,
	FilePlace,
	Generation,
	LogChunk,
	LogGap,
	LogSink,
} from '../../log-sink.ts';
import type { HistoryReader } from '../history/history-reader.ts';
import type { GenerationRecord } from '../segment/generation-record.ts';
import type { Committer } from './committer.ts';
import type { Generations } from './generations.ts';
import type { Ingest } from './ingest.ts';
import type { Spool } from './spool.ts';

/** What one source hands its logs to: they become rows here, or work for those who read history. */
export class SourceSink implements LogSink {
	readonly #source: number;
	readonly #generations: Generations;
	readonly #ingest: Ingest;
	readonly #history: HistoryReader;
	readonly #committer: Committer;
	readonly #spool: Spool;
	readonly #onLive: (entries: number) => void;

	constructor(
		source: number,
		parts: {
			readonly generations: Generations;
			readonly ingest: Ingest;
			readonly history: HistoryReader;
			readonly committer: Committer;
			readonly spool: Spool;
			/** After lines became the newest entries there are. */
			readonly onLive: (entries: number) => void;
		},
	) {
		this.#source = source;
		this.#generations = parts.generations;
		this.#ingest = parts.ingest;
		this.#history = parts.history;
		this.#committer = parts.committer;
		this.#spool = parts.spool;
		this.#onLive = parts.onLive;
	}

	generations(): readonly Generation[] {
		return this.#generations.of(this.#source);
	}

	/** Everything that is known of this source's logs. */
	records(): readonly GenerationRecord[] {
		return this.#generations.of(this.#source);
	}

	begin(place: FilePlace, historyEntries: number): Generation {
		const reserved = Math.max(Math.ceil(historyEntries), 0);
		const generation = this.#generations.add({
			id: this.#ingest.next('next_generation'),
			source: this.#source,
			place,
			base: this.#ingest.reserve(reserved),
			reserved,
		});
		this.#committer.schedule();
		return generation;
	}

	async append(
		generation: number,
		chunk: LogChunk,
		identity: FileIdentity,
		place: 'live' | 'history',
	): Promise<void> {
		this.#generations.change(generation, { identity });
		const { base, used } = this.#generations.get(generation);
		const rows = this.#ingest.append(generation, chunk, place);
		if (place === 'live' && rows > 0) {
			this.#onLive(rows);
		}
		await this.#committer.room();
		if (place === 'live') {
			await this.#spool.room();
		} else {
			this.#spool.cameBehind(base + used, rows);
		}
	}

	leave(generation: number, identity: FileIdentity): void {
		const record = this.#generations.get(generation);
		const start = record.identity.end;
		const { end } = identity;
		const isKept = start === 0 && record.used === 0 && record.reserved >= end;
		const base = isKept ? record.base : this.#ingest.reserve(end - start);
		this.#generations.change(generation, {
			identity,
			left: [...record.left, { start, end, base }],
			state: 'fresh',
			...(isKept ? { used: record.reserved } : {}),
		});
		this.#history.look();
		this.#committer.schedule();
	}

	move(generation: number, place: FilePlace): void {
		this.#generations.change(generation, { place });
		this.#history.look();
		this.#committer.schedule();
	}

	close(generation: number): void {
		this.#generations.change(generation, { isClosed: true });
		this.#ingest.sealHistory(generation);
		this.#committer.schedule();
	}

	destroy(generation: number, reason: string): void {
		const lost = this.#generations
			.missing(generation)
			.reduce((sum, { start, end }) => sum + end - start, 0);
		this.#generations.change(generation, { isDestroyed: true, isClosed: true });
		if (lost > 0) {
			this.gap({ generation, bytes: lost, message: reason });
		}
		this.#committer.schedule();
	}

	gap(gap: LogGap): void {
		const { gaps, lostBytes } = this.#generations.get(gap.generation);
		this.#generations.change(gap.generation, {
			gaps: gaps + 1,
			lostBytes: lostBytes + (gap.bytes ?? 0),
		});
		this.#ingest.gap(gap);
	}
}
