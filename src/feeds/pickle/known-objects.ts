import type { MadeObject } from './made-object.ts';
import { PyBytes } from './pickle-value.ts';
import type { PickleValue } from './pickle-value.ts';
import { bytesOf, encodedBytes } from './python-bytes.ts';
import { dateText, dateTimeText, durationText, timeText, zoneText } from './python-time.ts';

/** Makes a plain value of an object of one class; `undefined` if it isn't made as it should be. */
type Reader = (made: MadeObject) => PickleValue | undefined;

/** A set or a deque: what it was made of and what was added. */
const elements: Reader = ({ args: [first = []], elements: added = [] }) =>
	Array.isArray(first) ? (added.length === 0 ? first : [...first, ...added]) : undefined;

const dict: Reader = ({ args, items = new Map() }) => (args.length === 0 ? items : undefined);

/** Its one argument is what makes a missing value. */
const defaultDict: Reader = ({ items = new Map() }) => items;

const encoded: Reader = ({ args }) => bytesFrom(encodedBytes(args));

/** `bytes(b)` and `bytearray(b)`; the latter is `bytearray(text, encoding)` in Python 3.6 and 3.7. */
const bytes: Reader = ({ args }) =>
	bytesFrom(args.length === 0 ? Buffer.alloc(0) : bytesOf(args[0]));

function bytesFrom(data: Buffer | undefined): PyBytes | undefined {
	return data && new PyBytes(data);
}

const decimal: Reader = ({ args: [digits] }) => stringOf(digits);

/** Python 3.6 sends a logger with all that hangs on it. */
const loggerName: Reader = ({ state }) =>
	state instanceof Map ? stringOf(state.get('name')) : undefined;

const uuid: Reader = ({ state }) => {
	const value = state instanceof Map ? state.get('int') : undefined;
	if ((typeof value !== 'number' && typeof value !== 'bigint') || value < 0) {
		return undefined;
	}
	const hex = value.toString(16).padStart(32, '0');
	return hex.length > 32 ? undefined : hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
};

/** A path is pickled as its parts, from 3.13 on as it was given; the first part may be the root. */
function pathOf({ args }: MadeObject): string | undefined {
	if (!args.every((part) => typeof part === 'string')) {
		return undefined;
	}
	const [root = '.', ...rest] = args;
	return /[/\\]$/.test(root) ? root + rest.join('/') : [root, ...rest].join('/');
}

const windowsPath = (made: MadeObject): string | undefined => pathOf(made)?.replaceAll('/', '\\');

/**
 * The classes whose objects are shown as what they are. All others are shown as a call: what an
 * application's own class means, only the application knows.
 */
const READERS: ReadonlyMap<string, Reader> = new Map<string, Reader>([
	['_codecs.encode', encoded],
	['builtins.bytes', bytes],
	['builtins.bytearray', bytes],
	['builtins.set', elements],
	['builtins.frozenset', elements],
	['collections.deque', elements],
	['collections.OrderedDict', dict],
	['collections.defaultdict', defaultDict],
	['datetime.datetime', dateTimeText],
	['datetime.date', dateText],
	['datetime.time', timeText],
	['datetime.timedelta', durationText],
	['datetime.timezone', zoneText],
	['decimal.Decimal', decimal],
	['uuid.UUID', uuid],
	['logging.getLogger', ({ args: [name = 'root'] }) => stringOf(name)],
	['logging.Logger', loggerName],
	['logging.RootLogger', loggerName],
	...['PurePosixPath', 'PosixPath'].flatMap((name) => [
		[`pathlib.${name}`, pathOf] as const,
		[`pathlib._local.${name}`, pathOf] as const,
	]),
	...['PureWindowsPath', 'WindowsPath'].flatMap((name) => [
		[`pathlib.${name}`, windowsPath] as const,
		[`pathlib._local.${name}`, windowsPath] as const,
	]),
]);

/** Those of them whose objects are a state. */
const STATEFUL = new Set(['uuid.UUID', 'logging.Logger', 'logging.RootLogger']);

/** What an object is if it is of a known class: a text, an array, a dict or bytes. */
export function knownValue(made: MadeObject): PickleValue | undefined {
	const { name, state, keywords } = made;
	if (name === undefined || keywords !== undefined) {
		return undefined;
	}
	// A state that the class itself does not have would be lost.
	return state === undefined || STATEFUL.has(name) ? READERS.get(name)?.(made) : undefined;
}

function stringOf(value: PickleValue | undefined): string | undefined {
	return typeof value === 'string' ? value : undefined;
}
