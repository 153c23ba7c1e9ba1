import { FrameRefused } from './frame-refused.ts';
import type { Opcodes } from './pickle-machine.ts';
import { PyBytes, PyFloat } from './pickle-value.ts';
import { fromPython2 } from './python-bytes.ts';
import { readBinaryInteger, readFloat, readInteger } from './python-number.ts';
import { readRawUnicode, readRepr } from './python-text.ts';

const HIGHEST_PROTOCOL = 5;

/**
 * The opcodes that are data and nothing else, of all protocols: SocketHandler uses protocol 1, but
 * applications override its `makePickle`. Bytes and names are those of CPython's `Lib/pickletools.py`.
 */
export const PLAIN_OPCODES: Opcodes = {
	MARK: [0x28, (machine) => machine.mark()],
	STOP: [0x2e, (machine) => machine.stop()],
	POP: [0x30, (machine) => machine.discard()],
	POP_MARK: [0x31, (machine) => void machine.popToMark()],

	NONE: [0x4e, (machine) => machine.push(null)],
	NEWTRUE: [0x88, (machine) => machine.push(true)],
	NEWFALSE: [0x89, (machine) => machine.push(false)],

	INT: [
		0x49,
		(machine) => {
			const text = machine.input.line();
			// The booleans of protocol 1 are integers that no pickler writes with a zero before them.
			machine.push(text === '01' ? true : text === '00' ? false : readInteger(text));
		},
	],
	BININT: [0x4a, (machine) => machine.push(machine.input.int32())],
	BININT1: [0x4b, (machine) => machine.push(machine.input.byte())],
	BININT2: [0x4d, (machine) => machine.push(machine.input.uint16())],
	LONG: [
		0x4c,
		(machine) => {
			const text = machine.input.line();
			machine.push(readInteger(text.endsWith('L') ? text.slice(0, -1) : text));
		},
	],
	LONG1: [
		0x8a,
		(machine) => machine.push(readBinaryInteger(machine.input.bytes(machine.input.byte()))),
	],
	LONG4: [
		0x8b,
		(machine) => machine.push(readBinaryInteger(machine.input.bytes(machine.input.int32()))),
	],
	FLOAT: [0x46, (machine) => machine.push(readFloat(machine.input.line()))],
	BINFLOAT: [0x47, (machine) => machine.push(new PyFloat(machine.input.float64()))],

	UNICODE: [0x56, (machine) => machine.push(readRawUnicode(machine.input.line()))],
	BINUNICODE: [0x58, (machine) => machine.push(machine.input.text(machine.input.uint32()))],
	SHORT_BINUNICODE: [0x8c, (machine) => machine.push(machine.input.text(machine.input.byte()))],
	BINUNICODE8: [0x8d, (machine) => machine.push(machine.input.text(machine.input.length64()))],

	// Python 2 has no text of its own for most strings.
	STRING: [0x53, (machine) => machine.push(readRepr(machine.input.line()))],
	BINSTRING: [
		0x54,
		(machine) => machine.push(fromPython2(machine.input.bytes(machine.input.int32()))),
	],
	SHORT_BINSTRING: [
		0x55,
		(machine) => machine.push(fromPython2(machine.input.bytes(machine.input.byte()))),
	],

	BINBYTES: [
		0x42,
		(machine) => machine.push(new PyBytes(machine.input.bytes(machine.input.uint32()))),
	],
	SHORT_BINBYTES: [
		0x43,
		(machine) => machine.push(new PyBytes(machine.input.bytes(machine.input.byte()))),
	],
	BINBYTES8: [
		0x8e,
		(machine) => machine.push(new PyBytes(machine.input.bytes(machine.input.length64()))),
	],
	BYTEARRAY8: [
		0x96,
		(machine) => machine.push(new PyBytes(machine.input.bytes(machine.input.length64()))),
	],

	EMPTY_LIST: [0x5d, (machine) => machine.push([])],
	LIST: [0x6c, (machine) => machine.push(machine.popToMark())],
	APPEND: [
		0x61,
		(machine) => {
			const value = machine.pop();
			machine.append([value]);
		},
	],
	APPENDS: [
		0x65,
		(machine) => {
			const values = machine.popToMark();
			machine.append(values);
		},
	],

	EMPTY_TUPLE: [0x29, (machine) => machine.push([])],
	TUPLE: [0x74, (machine) => machine.push(machine.popToMark())],
	TUPLE1: [0x85, (machine) => machine.push([machine.pop()])],
	TUPLE2: [
		0x86,
		(machine) => {
			const second = machine.pop();
			machine.push([machine.pop(), second]);
		},
	],
	TUPLE3: [
		0x87,
		(machine) => {
			const third = machine.pop();
			const second = machine.pop();
			machine.push([machine.pop(), second, third]);
		},
	],

	EMPTY_SET: [0x8f, (machine) => machine.push([])],
	FROZENSET: [0x91, (machine) => machine.push(machine.popToMark())],
	ADDITEMS: [
		0x90,
		(machine) => {
			const values = machine.popToMark();
			machine.append(values);
		},
	],

	EMPTY_DICT: [0x7d, (machine) => machine.push(new Map())],
	DICT: [
		0x64,
		(machine) => {
			const pairs = machine.popToMark();
			machine.push(new Map());
			machine.setItems(pairs);
		},
	],
	SETITEM: [
		0x73,
		(machine) => {
			const value = machine.pop();
			const key = machine.pop();
			machine.setItems([key, value]);
		},
	],
	SETITEMS: [
		0x75,
		(machine) => {
			const pairs = machine.popToMark();
			machine.setItems(pairs);
		},
	],

	PUT: [0x70, (machine) => machine.remember(Number(readInteger(machine.input.line())))],
	BINPUT: [0x71, (machine) => machine.remember(machine.input.byte())],
	LONG_BINPUT: [0x72, (machine) => machine.remember(machine.input.uint32())],
	MEMOIZE: [0x94, (machine) => machine.rememberNext()],
	GET: [0x67, (machine) => machine.recall(Number(readInteger(machine.input.line())))],
	BINGET: [0x68, (machine) => machine.recall(machine.input.byte())],
	LONG_BINGET: [0x6a, (machine) => machine.recall(machine.input.uint32())],

	PROTO: [
		0x80,
		(machine) => {
			const protocol = machine.input.byte();
			if (protocol > HIGHEST_PROTOCOL) {
				throw new FrameRefused(
					`The pickle is of protocol ${protocol}; the last that is known is ${HIGHEST_PROTOCOL}.`,
				);
			}
		},
	],
	// Only says how many bytes may be read ahead.
	FRAME: [0x95, (machine) => machine.input.expect(machine.input.length64())],
};
