import { FrameRefused } from './frame-refused.ts';
import type { Opcodes, PickleMachine } from './pickle-machine.ts';
import { PyName, PyObject } from './pickle-value.ts';
import { pythonName } from './python-names.ts';

/**
 * The opcodes by which a pickle names code and calls it. Here a name stays a text and a call stays
 * a note of what would have been called with what, so that a record with a date in it is read, and
 * one with `os.system` in it is only shown.
 */
export const INERT_OPCODES: Opcodes = {
	GLOBAL: [0x63, (machine) => machine.push(readName(machine))],
	STACK_GLOBAL: [
		0x93,
		(machine) => {
			const name = machine.pop();
			const module = machine.pop();
			if (typeof name !== 'string' || typeof module !== 'string') {
				throw new FrameRefused('A name in the pickle is no text.');
			}
			machine.push(new PyName(pythonName(module, name)));
		},
	],
	REDUCE: [
		0x52,
		(machine) => {
			const args = machine.popArguments();
			const callee = machine.pop();
			if (!(callee instanceof PyName || callee instanceof PyObject)) {
				throw new FrameRefused('The pickle calls a value that is nothing to call.');
			}
			machine.push(new PyObject(callee, args));
		},
	],
	BUILD: [
		0x62,
		(machine) => {
			const state = machine.pop();
			const target = machine.top();
			if (!(target instanceof PyObject)) {
				throw new FrameRefused('The pickle gives a state to a value that is no object.');
			}
			target.state = state;
		},
	],
	INST: [
		0x69,
		(machine) => {
			const name = readName(machine);
			machine.push(new PyObject(name, machine.popToMark()));
		},
	],
	OBJ: [
		0x6f,
		(machine) => {
			const [name, ...args] = machine.popToMark();
			if (!(name instanceof PyName)) {
				throw new FrameRefused('The pickle makes an object of a class that has no name.');
			}
			machine.push(new PyObject(name, args));
		},
	],
	NEWOBJ: [
		0x81,
		(machine) => {
			const args = machine.popArguments();
			machine.push(new PyObject(machine.popName(), args));
		},
	],
	NEWOBJ_EX: [
		0x92,
		(machine) => {
			const keywords = machine.pop();
			const args = machine.popArguments();
			if (!(keywords instanceof Map)) {
				throw new FrameRefused('The pickle calls something with keywords that are no dict.');
			}
			machine.push(new PyObject(machine.popName(), args, keywords));
		},
	],
};

function readName({ input }: PickleMachine): PyName {
	const module = input.line();
	return new PyName(pythonName(module, input.line()));
}
