import {
	MAX_LEVELS,
	MAX_LEVEL_BYTES,
	MAX_LOGGERS,
	MAX_LOGGER_BYTES,
	MAX_TASKS,
	MAX_TASK_BYTES,
} from '../limits';
import { LEVELS, LOGGERS, TASKS } from './layout';

/** Slots of a table at first; it has room for twice as many as there may be texts. */
const FIRST_SLOTS: u32 = 1_024;

/** A text: its hash, where it is, its length; 4 bytes are free. */
const ENTRY_BYTES: usize = 16;
const START: usize = 4;
const LENGTH: usize = 8;

/**
 * Texts by their bytes, numbered from 1 in the order of their first use: a hash table of ids, an
 * entry for each id, and the texts, each filled up with zeros to whole words of 8 bytes.
 */
@unmanaged
export class TextTable {
	count: u32;
	bytes: u32;
	mask: u32;
	maxCount: u32;
	maxBytes: u32;
	slots: usize;
	entries: usize;
	/** Where the next text goes. */
	free: usize;
}

export const levels = changetype<TextTable>(LEVELS);
export const loggers = changetype<TextTable>(LOGGERS);
export const tasks = changetype<TextTable>(TASKS);

/** Empties all tables. */
export function clearTexts(): void {
	clear(levels, MAX_LEVELS, MAX_LEVEL_BYTES);
	clear(loggers, MAX_LOGGERS, MAX_LOGGER_BYTES);
	clear(tasks, MAX_TASKS, MAX_TASK_BYTES);
}

function clear(table: TextTable, maxCount: u32, maxBytes: u32): void {
	table.count = 0;
	table.bytes = 0;
	table.mask = FIRST_SLOTS - 1;
	table.maxCount = maxCount;
	table.maxBytes = maxBytes;
	table.slots = changetype<usize>(table) + offsetof<TextTable>();
	table.entries = table.slots + 8 * maxCount;
	table.free = table.entries + ENTRY_BYTES * (maxCount + 1);
	memory.fill(table.slots, 0, 4 * FIRST_SLOTS);
}

/** Where the text of an id is. */
export function textStart(table: TextTable, id: usize): usize {
	return load<u32>(table.entries + id * ENTRY_BYTES, START);
}

export function textLength(table: TextTable, id: usize): usize {
	return load<u32>(table.entries + id * ENTRY_BYTES, LENGTH);
}

/** The id of the text at `from`; -1 if there is no room for it. */
export function idOf(table: TextTable, from: usize, length: usize): i32 {
	const hash = hashOf(from, length);
	let slot = hash & table.mask;
	while (true) {
		const id: usize = load<u32>(table.slots + 4 * slot);
		if (id === 0) {
			return add(table, from, length, hash, slot);
		}
		const entry = table.entries + id * ENTRY_BYTES;
		if (
			load<u32>(entry) === hash &&
			<usize>load<u32>(entry, LENGTH) === length &&
			isSame(load<u32>(entry, START), from, length)
		) {
			return <i32>id;
		}
		slot = (slot + 1) & table.mask;
	}
}

function add(table: TextTable, from: usize, length: usize, hash: u32, slot: u32): i32 {
	if (table.count >= table.maxCount || table.bytes + <u32>length > table.maxBytes) {
		return -1;
	}
	const id: usize = ++table.count;
	const entry = table.entries + id * ENTRY_BYTES;
	store<u32>(entry, hash);
	store<u32>(entry, table.free, START);
	store<u32>(entry, length, LENGTH);
	let at: usize = 0;
	for (; at < length; at += 8) {
		store<u64>(table.free + at, wordAt(from + at, length - at));
	}
	table.free += at;
	table.bytes += <u32>length;
	store<u32>(table.slots + 4 * slot, id);
	if (id * 2 > <usize>table.mask + 1) {
		grow(table);
	}
	return <i32>id;
}

function grow(table: TextTable): void {
	const mask = table.mask * 2 + 1;
	table.mask = mask;
	memory.fill(table.slots, 0, 4 * (mask + 1));
	for (let id: usize = 1; id <= table.count; id++) {
		let slot = load<u32>(table.entries + id * ENTRY_BYTES) & mask;
		while (load<u32>(table.slots + 4 * slot) !== 0) {
			slot = (slot + 1) & mask;
		}
		store<u32>(table.slots + 4 * slot, id);
	}
}

function hashOf(from: usize, length: usize): u32 {
	let hash: u64 = length;
	for (let at: usize = 0; at < length; at += 8) {
		hash = (hash ^ wordAt(from + at, length - at)) * 0x9e3779b97f4a7c15;
		hash ^= hash >> 32;
	}
	return <u32>hash;
}

function isSame(text: usize, from: usize, length: usize): bool {
	for (let at: usize = 0; at < length; at += 8) {
		if (load<u64>(text + at) !== wordAt(from + at, length - at)) {
			return false;
		}
	}
	return true;
}

/** The first 8 of `length` bytes, zeros for those that are too many. */
function wordAt(from: usize, length: usize): u64 {
	const word = load<u64>(from);
	return length >= 8 ? word : word & (((<u64>1) << (8 * length)) - 1);
}
