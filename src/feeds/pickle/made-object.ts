import { PyName } from './pickle-value.ts';
import type { PickleDict, PickleValue, PyObject } from './pickle-value.ts';

/** An object by its class, however the pickle says that it is to be made. */
export interface MadeObject {
	/** `module.name` of what would be called; `undefined` if that is itself the result of a call. */
	readonly name: string | undefined;
	readonly args: readonly PickleValue[];
	readonly keywords: PickleDict | undefined;
	readonly state: PickleValue | undefined;
	readonly elements: readonly PickleValue[] | undefined;
	readonly items: PickleDict | undefined;
}

/**
 * Looks through `copyreg._reconstructor(class, base, state)`, by which protocols 0 and 1 make objects
 * of classes that do not say how.
 */
export function madeObject(object: PyObject): MadeObject {
	const { callee, args, keywords, state, elements, items } = object;
	const name = callee instanceof PyName ? callee.name : undefined;
	const made = { name, args, keywords, state, elements, items };
	const [cls, base, held] = args;
	// Other numbers of arguments are nobody's, and copying many for each look would take long.
	if (name !== 'copyreg._reconstructor' || !(cls instanceof PyName) || args.length !== 3) {
		return made;
	}
	// A subclass of `dict` or `str` hands on what it holds.
	const isPlain = base instanceof PyName && base.name === 'builtins.object';
	return { ...made, name: cls.name, args: isPlain ? [] : [held ?? null] };
}
