import { FrameRefused } from './frame-refused.ts';
import { INERT_OPCODES } from './inert-opcodes.ts';
import { MAX_OPCODES } from './limits.ts';
import { PickleMachine } from './pickle-machine.ts';
import type { Step } from './pickle-machine.ts';
import type { PickleValue } from './pickle-value.ts';
import { PLAIN_OPCODES } from './plain-opcodes.ts';

/** What is known and refused: it refers to something that is not in the frame, or nobody writes it. */
const REFUSED: Readonly<Record<string, readonly [code: number, why: string]>> = {
	PERSID: [0x50, 'it refers to an object that only the sender has'],
	BINPERSID: [0x51, 'it refers to an object that only the sender has'],
	EXT1: [0x82, "it refers to the sender's extension registry"],
	EXT2: [0x83, "it refers to the sender's extension registry"],
	EXT4: [0x84, "it refers to the sender's extension registry"],
	NEXT_BUFFER: [0x97, 'it refers to a buffer that is not in the frame'],
	READONLY_BUFFER: [0x98, 'it refers to a buffer that is not in the frame'],
	DUP: [0x32, 'no pickler writes it'],
};

/** What each byte does where an opcode is expected. */
const STEPS: readonly Step[] = makeSteps();

/**
 * Reads a pickle as data. Nothing that it names is looked up and nothing is called: a class or a
 * call is a value that says so. Throws `FrameRefused`, and nothing else, for what is no pickle, for
 * what can't be read from the frame alone, and beyond the limits.
 */
export function readPickle(frame: Buffer): PickleValue {
	const machine = new PickleMachine(frame);
	const { input } = machine;
	for (let count = 0; !machine.isDone; count++) {
		if (count === MAX_OPCODES) {
			throw new FrameRefused(
				`The pickle has more than ${MAX_OPCODES.toLocaleString('en')} opcodes.`,
			);
		}
		STEPS[input.byte()]?.(machine);
	}
	return machine.pop();
}

function makeSteps(): Step[] {
	const steps = Array.from({ length: 256 }, (_, code) =>
		refusal(`The byte 0x${code.toString(16).padStart(2, '0')} is no opcode of a pickle`),
	);
	for (const [name, [code, why]] of Object.entries(REFUSED)) {
		steps[code] = refusal(`The pickle has an opcode ${name}, which is not read: ${why}`);
	}
	for (const [code, step] of [PLAIN_OPCODES, INERT_OPCODES].flatMap(Object.values)) {
		steps[code] = step;
	}
	return steps;
}

function refusal(what: string): Step {
	return ({ input }) => {
		throw new FrameRefused(`${what} (byte ${input.at - 1}).`);
	};
}
