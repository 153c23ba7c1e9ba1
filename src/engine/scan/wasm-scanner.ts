import { setFlagsFromString } from 'node:v8';
import { Columns } from './columns.ts';
import { capitals, findInStretches } from './plain/find.ts';
import { SCANNER_WASM } from './scanner-wasm.ts';
import { FILTER_BYTES } from './scanner.ts';
import type { LineScanner, ScannedLines, TextKind } from './scanner.ts';

/** The memory grows in pages of this size. */
const PAGE = 65_536;

/** Numbers of the kinds in `wasm/scanner.ts`. */
const KINDS: Readonly<Record<TextKind, number>> = { level: 0, logger: 1, task: 2 };

/** As much of `WebAssembly` as is used here. Node has it, its types do not. */
interface WasmApi {
	readonly Module: new (bytes: Uint8Array) => WasmModule;
	readonly Instance: new (module: WasmModule) => { readonly exports: object };
}

type WasmModule = object;

interface WasmNumber {
	readonly value: number;
}

/** What `wasm/scanner.ts` exports: functions, numbers that change, and places in its memory. */
interface ScannerExports {
	readonly memory: { readonly buffer: ArrayBuffer; readonly grow: (pages: number) => number };
	readonly scan: (from: number, length: number) => number;
	readonly scanNext: WasmNumber;
	readonly textCount: (kind: number) => number;
	readonly textAt: (kind: number, id: number) => bigint;
	readonly clearTexts: () => void;
	readonly addGrams: (from: number, to: number) => number;
	readonly find: (count: number, size: number) => void;
}

const PLACES_IN_MEMORY = [
	'CAPITALS',
	'FILTER',
	'FOUND',
	'INPUT',
	'LEVEL',
	'LOGGER',
	'MAX_ROWS',
	'MAX_STRETCHES',
	'MESSAGE_LENGTH',
	'MESSAGE_START',
	'NEEDLE',
	'NEEDLE_BYTES',
	'PADDING',
	'STARTS',
	'STATUS',
	'STRETCHES',
	'TASK',
	'TS',
] as const;

type Layout = Readonly<Record<(typeof PLACES_IN_MEMORY)[number], number>>;

// Compiled once per thread, by the first who needs it.
let compiled: WasmModule | undefined;

/** The scanner in WebAssembly. Throws where there is none, or none with SIMD. */
export function createWasmScanner(): LineScanner {
	const { WebAssembly } = globalThis as unknown as { readonly WebAssembly: WasmApi };
	compiled ??= compile(WebAssembly);
	return new WasmScanner(new WebAssembly.Instance(compiled).exports);
}

/**
 * All threads share the code of one module, and V8 frees what it no longer needs of it while another
 * thread ends: seldom, that ends the process ("Check failed: end > addr", V8 13.6). There are 8 KB
 * to be freed at most.
 */
function compile({ Module }: WasmApi): WasmModule {
	setFlagsFromString('--no-wasm-code-gc');
	return new Module(Buffer.from(SCANNER_WASM, 'base64'));
}

class WasmScanner implements LineScanner {
	readonly #exports: ScannerExports;
	readonly #layout: Layout;
	readonly #columns = new Columns();

	constructor(exports: object) {
		this.#exports = exports as ScannerExports;
		const numbers = exports as Record<(typeof PLACES_IN_MEMORY)[number], WasmNumber>;
		this.#layout = Object.fromEntries(
			PLACES_IN_MEMORY.map((name) => [name, numbers[name].value]),
		) as Layout;
		this.#reserve(0);
		this.forget();
	}

	input(length: number): Uint8Array {
		this.#reserve(length);
		return this.#bytes(this.#layout.INPUT, length);
	}

	scan(length: number): ScannedLines {
		const columns = this.#columns;
		columns.clear();
		let count = 0;
		let from = 0;
		while (from < length) {
			const rows = this.#exports.scan(from, length);
			columns.reserve(count + rows);
			columns.write(this.#rows(rows), count);
			count += rows;
			from = this.#exports.scanNext.value;
		}
		return columns.view(count, length);
	}

	text(kind: TextKind, id: number): string {
		const place = this.#exports.textAt(KINDS[kind], id);
		const start = Number(place & 0xffff_ffffn);
		return Buffer.from(this.#bytes(start, Number(place >> 32n))).toString();
	}

	textCount(kind: TextKind): number {
		return this.#exports.textCount(KINDS[kind]);
	}

	forget(): void {
		this.#exports.clearTexts();
	}

	addGrams(from: number, to: number, filter: Uint8Array): boolean {
		const ours = this.#bytes(this.#layout.FILTER, FILTER_BYTES);
		ours.set(filter);
		const isOdd = this.#exports.addGrams(from, to) !== 0;
		filter.set(ours);
		return isOdd;
	}

	find(stretches: Uint32Array, count: number, needle: Uint8Array, found: Uint8Array): void {
		const { INPUT, NEEDLE, CAPITALS, NEEDLE_BYTES, STRETCHES, MAX_STRETCHES, FOUND } = this.#layout;
		const { buffer } = this.#exports.memory;
		if (needle.length === 0 || needle.length > NEEDLE_BYTES) {
			findInStretches(new Uint8Array(buffer, INPUT), stretches, count, needle, found);
			return;
		}
		this.#bytes(NEEDLE, needle.length).set(needle);
		this.#bytes(CAPITALS, needle.length).set(capitals(needle));
		for (let from = 0; from < count; from += MAX_STRETCHES) {
			const part = Math.min(count - from, MAX_STRETCHES);
			const places = stretches.subarray(from * 2, (from + part) * 2);
			new Uint32Array(buffer, STRETCHES, part * 2).set(places);
			this.#exports.find(part, needle.length);
			found.set(this.#bytes(FOUND, part), from);
		}
	}

	/** A view of memory; holds until the memory grows. */
	#bytes(from: number, length: number): Uint8Array<ArrayBuffer> {
		return new Uint8Array(this.#exports.memory.buffer, from, length);
	}

	/** Makes room for an input; the scanner itself never needs more. */
	#reserve(length: number): void {
		const { memory } = this.#exports;
		const missing = this.#layout.INPUT + length + this.#layout.PADDING - memory.buffer.byteLength;
		if (missing > 0) {
			memory.grow(Math.ceil(missing / PAGE));
		}
	}

	/** The lines that were read in one go. */
	#rows(rows: number): Omit<ScannedLines, 'count'> {
		const { buffer } = this.#exports.memory;
		const layout = this.#layout;
		return {
			starts: new Uint32Array(buffer, layout.STARTS, rows),
			status: new Uint8Array(buffer, layout.STATUS, rows),
			ts: new Float64Array(buffer, layout.TS, rows),
			level: new Uint16Array(buffer, layout.LEVEL, rows),
			logger: new Uint32Array(buffer, layout.LOGGER, rows),
			task: new Uint32Array(buffer, layout.TASK, rows),
			messageStart: new Uint32Array(buffer, layout.MESSAGE_START, rows),
			messageLength: new Uint32Array(buffer, layout.MESSAGE_LENGTH, rows),
		};
	}
}
