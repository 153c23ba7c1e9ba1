import { readFileSync, statSync } from 'node:fs';
import { gunzipSync, zstdDecompressSync } from 'node:zlib';
import type {
	FileIdentity,
	FilePlace,
	Generation,
	LogChunk,
	LogGap,
	LogSink,
} from '#engine/log-sink.ts';
import { bytesOf, NO_IDENTITY, take, textOfLog } from './kept-log.ts';
import type { KeptLog, Piece } from './kept-log.ts';

type Call =
	| { readonly name: 'begin'; readonly id: number; place: FilePlace; entries: number }
	| { readonly name: 'append'; readonly id: number; piece: Piece; identity: FileIdentity }
	| {
			readonly name: 'leave';
			readonly id: number;
			piece: Piece | undefined;
			identity: FileIdentity;
	  }
	| { readonly name: 'move'; readonly id: number; place: FilePlace }
	| { readonly name: 'close'; readonly id: number }
	| { readonly name: 'destroy'; readonly id: number; reason: string }
	| { readonly name: 'gap'; readonly id: number; gap: LogGap };

/**
 * Keeps the bytes of each log in memory, holds the follower to what it promises, and can forget all
 * that came after a call, as the real one may in a crash.
 */
export class FakeSink implements LogSink {
	#calls: Call[] = [];
	#logs = new Map<number, KeptLog>();
	#lastId = 0;
	/** Awaited before each `append` resolves. */
	onAppend:
		((id: number, chunk: LogChunk, place: 'live' | 'history') => Promise<void> | void) | undefined;

	get callCount(): number {
		return this.#calls.length;
	}

	get calls(): readonly string[] {
		return this.#calls.map(describe);
	}

	get logs(): readonly KeptLog[] {
		return [...this.#logs.values()];
	}

	get gaps(): readonly LogGap[] {
		return this.logs.flatMap(({ gaps }) => gaps);
	}

	/** The text of each log, in the order they were first seen. */
	get texts(): readonly string[] {
		return this.logs.map((log) => bytesOf(log).toString());
	}

	/** All lines of all logs, without their ends. */
	get lines(): readonly string[] {
		return this.logs.flatMap((log) => {
			const lines = textOfLog(log).split('\n');
			return lines.at(-1) === '' ? lines.slice(0, -1) : lines;
		});
	}

	/** The lines in the order of arrival: what `begin` kept places for, before what came after it. */
	get arrivals(): readonly string[] {
		const places: { readonly at: number; readonly text: string }[] = [];
		const begun = new Map<number, number>();
		this.#calls.forEach((call, at) => {
			if (call.name === 'begin') {
				begun.set(call.id, at);
			} else if (call.name === 'append' || (call.name === 'leave' && call.piece !== undefined)) {
				const { piece } = call;
				const isEarly =
					piece?.place === 'history' || (piece?.place === 'left' && piece.offset === 0);
				const text = piece?.bytes.toString() ?? '';
				places.push({
					at: isEarly ? (begun.get(call.id) ?? 0) + (piece?.offset ?? 0) / 1e12 : at,
					text,
				});
			}
		});
		const text = places.toSorted((one, other) => one.at - other.at).map(({ text }) => text);
		return text.join('').split('\n').slice(0, -1);
	}

	generations(): readonly Generation[] {
		return this.logs.map(({ id, place, identity, isClosed }) => ({
			id,
			place,
			identity,
			isClosed,
		}));
	}

	/** Forgets all but the first `count` calls. */
	crash(count = this.#calls.length): void {
		const calls = this.#calls.slice(0, count);
		this.#calls = [];
		this.#logs = new Map();
		calls.forEach((call) => this.#apply(call));
	}

	begin(place: FilePlace, entries: number): Generation {
		const id = ++this.#lastId;
		this.#apply({ name: 'begin', id, place, entries });
		return { id, place, identity: NO_IDENTITY, isClosed: false };
	}

	async append(
		id: number,
		chunk: LogChunk,
		identity: FileIdentity,
		place: 'live' | 'history',
	): Promise<void> {
		const { offset } = chunk;
		const bytes = Buffer.from(chunk.bytes);
		const piece = { offset, bytes, size: chunk.length ?? bytes.length, place };
		this.#apply({ name: 'append', id, piece, identity });
		await this.onAppend?.(id, chunk, place);
	}

	leave(id: number, identity: FileIdentity): void {
		const log = this.#log(id);
		const { path, device, inode } = log.place;
		const stat = statSync(path, { bigint: true });
		if (String(stat.dev) !== device || String(stat.ino) !== inode) {
			throw new Error(`Left what nobody can read: ${path}`);
		}
		const offset = log.identity.end;
		const isSmall = stat.size < 64n * 1024n * 1024n;
		const bytes = isSmall ? unpack(readFileSync(path), log.place.kind) : Buffer.alloc(0);
		const size = identity.end - offset;
		const stretch = bytes.subarray(offset, identity.end);
		this.#apply({
			name: 'leave',
			id,
			piece: { offset, bytes: stretch, size, place: 'left' },
			identity,
		});
	}

	move(id: number, place: FilePlace): void {
		this.#apply({ name: 'move', id, place });
	}

	close(id: number): void {
		this.#apply({ name: 'close', id });
	}

	destroy(id: number, reason: string): void {
		this.#apply({ name: 'destroy', id, reason });
	}

	gap(gap: LogGap): void {
		this.#apply({ name: 'gap', id: gap.generation, gap });
	}

	#apply(call: Call): void {
		this.#calls.push(call);
		if (call.name === 'begin') {
			this.#logs.set(call.id, {
				id: call.id,
				historyEntries: call.entries,
				place: call.place,
				identity: NO_IDENTITY,
				isClosed: false,
				pieces: [],
				gaps: [],
				destroyed: undefined,
			});
			return;
		}
		const log = this.#log(call.id);
		switch (call.name) {
			case 'append':
			case 'leave':
				take(log, call.piece, call.identity);
				log.isClosed = false;
				break;
			case 'move':
				log.place = call.place;
				break;
			case 'close':
				log.isClosed = true;
				break;
			case 'destroy':
				log.destroyed = call.reason;
				break;
			default:
				log.gaps.push(call.gap);
		}
	}

	#log(id: number): KeptLog {
		const log = this.#logs.get(id);
		if (log === undefined) {
			throw new Error(`There is no log ${id}.`);
		}
		return log;
	}
}

function describe(call: Call): string {
	switch (call.name) {
		case 'begin':
			return `begin ${call.id} ${call.place.path} ${call.entries}`;
		case 'append':
		case 'leave':
			return `${call.name} ${call.id} ${call.piece?.place} ${call.piece?.offset}-${call.identity.end}`;
		case 'move':
			return `move ${call.id} ${call.place.path}`;
		case 'destroy':
			return `destroy ${call.id} ${call.reason}`;
		case 'gap':
			return `gap ${call.id} ${call.gap.bytes} ${call.gap.message}`;
		default:
			return `${call.name} ${call.id}`;
	}
}

function unpack(bytes: Buffer, kind: FilePlace['kind']): Buffer {
	return kind === 'gzip' ? gunzipSync(bytes) : kind === 'zstd' ? zstdDecompressSync(bytes) : bytes;
}
