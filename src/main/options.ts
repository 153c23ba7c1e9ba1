import { statSync } from 'node:fs';
import { homedir } from 'node:os';
import { isAbsolute, join, resolve } from 'node:path';
import { AppError, messageOf } from '#shared/errors.ts';
import { formatAddress, parseAddress } from '#shared/model/feed-address.ts';
import type { EndpointKind } from '#shared/model/feed-address.ts';
import { withoutPassword } from '#shared/model/storage-address.ts';
import { storageOption } from './storages/storage-option.ts';
import type { NamedStorage } from './storages/storage-option.ts';
import { folderOfPattern, sourceConfigOf } from './source-of-path.ts';

/** What a person asked for on the command line; every path is absolute. */
export interface Options {
	readonly help: boolean;
	/** Where entries, settings and window bounds are kept. The same in both hosts. */
	readonly dataFolder: string;
	/** Port of the web host; 0 stands for any free one. */
	readonly port: number;
	/** Whether the web host may open the system browser. */
	readonly openBrowser: boolean;
	/** Folders the browser may open files from; empty when none was named. */
	readonly allowedFolders: readonly string[];
	/** What to open: files, folders and patterns. */
	readonly files: readonly string[];
	/** Addresses that schedulers connect to, and those of schedulers, as `formatAddress` writes them. */
	readonly listen: readonly string[];
	readonly connect: readonly string[];
	/** Where entries are kept in this run, instead of where the settings say. */
	readonly storage: NamedStorage | undefined;
}

/** What options are read against. */
export interface OptionsContext {
	/** Relative paths count from here. */
	readonly cwd: string;
	readonly env: Readonly<Record<string, string | undefined>>;
	readonly platform: NodeJS.Platform;
}

/** The text of `--help`. */
export const HELP = `AsyncZ Companion: open log files and watch them live.

  npm start     -- [options] [log …]   on the desktop; in the browser where that is not possible
  npm run serve -- [options] [log …]   in the browser

  log           a file, with its rotated siblings; a folder, for every log in it, also those that
                appear later; or a pattern in quotes: 'logs/*.jsonl', 'logs/**/*.log'

  --data DIR    keep entries and settings in DIR instead of this system's own data folder
  --storage S   keep entries of this run in S, and show what is in it: sqlite (DIR), memory (nothing is
                kept then), jsonl:PATH, rotating:PATH, postgres://USER@HOST/DATABASE,
                redis://HOST, or the path of a module. Its password: in Settings → Storage, or
                in the environment as ASYNCZ_COMPANION_STORAGE_PASSWORD
  --port N      port of the web host; 0, the default, takes any free one
  --no-open     do not open the system browser
  --allow DIR   let the browser open files from DIR; may be given several times.
                Without it: from the current folder
  --listen ADDRESS   take records of schedulers at tcp:PORT, unix:PATH or pipe:NAME too
  --connect ADDRESS  connect to a scheduler at tcp:HOST:PORT, unix:PATH or pipe:NAME.
                Both may be given several times, and last until the app is closed
  --help        show this text
`;

const FLAGS_WITH_VALUE = ['--data', '--storage', '--port', '--allow', '--listen', '--connect'];

/**
 * Reads the arguments after the program's name. Touches no file. Throws `invalid-options` with one
 * sentence that names the argument at fault.
 */
export function parseOptions(args: readonly string[], context: OptionsContext): Options {
	const flags = new Set<string>();
	const values = new Map<string, string[]>();
	const files: string[] = [];
	for (let index = 0; index < args.length; index++) {
		const arg = args[index] ?? '';
		const [name = '', inline] = splitOnce(arg, '=');
		if (arg === '--') {
			files.push(...args.slice(index + 1));
			break;
		} else if (!arg.startsWith('-') || arg === '-') {
			files.push(arg);
		} else if (arg === '--help' || arg === '-h' || arg === '--no-open') {
			flags.add(arg === '-h' ? '--help' : arg);
		} else if (FLAGS_WITH_VALUE.includes(name)) {
			const value = inline ?? args[++index];
			if (value === undefined || value === '' || (inline === undefined && value.startsWith('--'))) {
				throw invalid(`${name}: expected a value after it, for example ${exampleOf(name)}`);
			}
			values.set(name, [...(values.get(name) ?? []), value]);
		} else {
			throw invalid(`Unknown option: ${withoutPassword(arg)} (see --help)`);
		}
	}
	checkNoStorage(files);
	const toPath = (path: string): string => resolve(context.cwd, path);
	const addresses = (kind: EndpointKind): readonly string[] =>
		(values.get(`--${kind}`) ?? []).map((text) => addressOf(text, kind, toPath));
	const data = values.get('--data')?.at(-1);
	const storage = values.get('--storage')?.at(-1);
	return {
		help: flags.has('--help'),
		dataFolder: data === undefined ? defaultDataFolder(context) : toPath(data),
		port: parsePort(values.get('--port')?.at(-1) ?? '0'),
		openBrowser: !flags.has('--no-open'),
		allowedFolders: (values.get('--allow') ?? []).map(toPath),
		files: files.map(toPath),
		listen: addresses('listen'),
		connect: addresses('connect'),
		storage: storage === undefined ? undefined : storageOption(storage, toPath, context.env),
	};
}

/** Throws `invalid-options` for the address of a storage that stands where a log is named. */
export function checkNoStorage(files: readonly string[]): void {
	const storage = files.find((file) => /^(?:postgres(?:ql)?|rediss?):\/\//i.test(file));
	if (storage !== undefined) {
		throw invalid(`${withoutPassword(storage)} is no log but a storage: name it with --storage`);
	}
}

/**
 * Throws `invalid-options` for the first path named in the options that is not there. Of a pattern
 * only the folder it begins in has to be: what it matches may come later.
 */
export function checkPaths(options: Pick<Options, 'allowedFolders' | 'files'>): void {
	for (const folder of options.allowedFolders) {
		if (statOf(folder)?.isDirectory() !== true) {
			throw invalid(`--allow: there is no folder ${folder}`);
		}
	}
	for (const file of options.files) {
		const { type } = sourceConfigOf(file);
		if (type === 'glob' && statOf(folderOfPattern(file))?.isDirectory() !== true) {
			throw invalid(`There is no folder ${folderOfPattern(file)} for the pattern ${file}`);
		}
		if (type === 'file' && statOf(file) === undefined) {
			throw invalid(`There is no file or folder ${file}`);
		}
	}
}

/** The folder this platform keeps an application's own data in. */
export function defaultDataFolder({ env, platform }: Omit<OptionsContext, 'cwd'>): string {
	const home = homedir();
	const fromEnv = (name: string, fallback: string): string => {
		const value = env[name];
		// The XDG specification wants relative values ignored.
		return value !== undefined && isAbsolute(value) ? value : fallback;
	};
	switch (platform) {
		case 'darwin':
			return join(home, 'Library', 'Application Support', 'asyncz-companion');
		case 'win32':
			return join(fromEnv('LOCALAPPDATA', join(home, 'AppData', 'Local')), 'asyncz-companion');
		default:
			return join(fromEnv('XDG_DATA_HOME', join(home, '.local', 'share')), 'asyncz-companion');
	}
}

/**
 * An address of `--listen` or `--connect` as `formatAddress` writes it, a socket with its whole path.
 * Throws `invalid-options`.
 */
export function addressOf(
	text: string,
	kind: EndpointKind,
	toPath: (path: string) => string,
): string {
	const [scheme, path] = splitOnce(text, ':');
	try {
		const isPath = scheme === 'unix' && path !== undefined && path !== '';
		return formatAddress(parseAddress(isPath ? `unix:${toPath(path)}` : text, kind));
	} catch (error) {
		throw invalid(`--${kind} ${messageOf(error)}`);
	}
}

function parsePort(text: string): number {
	const port = /^\d{1,5}$/.test(text) ? Number(text) : Number.NaN;
	if (!(port <= 65_535)) {
		throw invalid(`port: expected 0–65535, got ${text}`);
	}
	return port;
}

function statOf(path: string): ReturnType<typeof statSync> | undefined {
	try {
		return statSync(path);
	} catch (error) {
		if (isMissing(error)) {
			return undefined;
		}
		throw invalid(`Cannot look at ${path}: ${messageOf(error)}`);
	}
}

function isMissing(error: unknown): boolean {
	const code = error instanceof Error && 'code' in error ? error.code : undefined;
	return code === 'ENOENT' || code === 'ENOTDIR';
}

function splitOnce(text: string, separator: string): [string, string | undefined] {
	const at = text.indexOf(separator);
	return at === -1 ? [text, undefined] : [text.slice(0, at), text.slice(at + 1)];
}

function exampleOf(flag: string): string {
	const examples: Readonly<Record<string, string>> = {
		'--port': '8080',
		'--listen': 'tcp:9020',
		'--storage': 'jsonl:./all.jsonl',
		'--connect': 'tcp:127.0.0.1:9020',
	};
	return `${flag} ${examples[flag] ?? './logs'}`;
}

function invalid(message: string): AppError {
	return new AppError('invalid-options', message);
}
