/**
 * Modules that Python 3 has renamed. Protocols below 3 write the names of Python 2, whoever writes
 * them (CPython's `Lib/_compat_pickle.py`).
 */
const MODULES = new Map([
	['__builtin__', 'builtins'],
	['exceptions', 'builtins'],
	['copy_reg', 'copyreg'],
	['UserDict', 'collections'],
	['UserList', 'collections'],
	['UserString', 'collections'],
	['Queue', 'queue'],
	['cPickle', 'pickle'],
	['thread', '_thread'],
]);

const NAMES = new Map([
	['builtins.xrange', 'builtins.range'],
	['builtins.unicode', 'builtins.str'],
	['builtins.long', 'builtins.int'],
	['collections.IterableUserDict', 'collections.UserDict'],
]);

/** `module.name` as Python 3 calls it. */
export function pythonName(module: string, name: string): string {
	const full = `${MODULES.get(module) ?? module}.${name}`;
	return NAMES.get(full) ?? full;
}
