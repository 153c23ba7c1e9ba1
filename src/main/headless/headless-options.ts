import { parseArgs } from 'node:util';
import { resolve } from 'node:path';
import { AppError, messageOf } from '#shared/errors.ts';
import { EXPORT_FORMATS } from '#shared/model/export.ts';
import type { ExportFormat } from '#shared/model/export.ts';
import { ORDERS } from '#shared/model/query.ts';
import type { Order } from '#shared/model/query.ts';
import { parseQuery } from '#shared/query/parse-query.ts';
import type { FeedAddresses } from '../feed-host.ts';
import { addressOf, checkNoStorage } from '../options.ts';
import { storageOption } from '../storages/storage-option.ts';
import type { NamedStorage } from '../storages/storage-option.ts';

/** What is done without a window. */
export type HeadlessCommand = 'export' | 'query';

/** What a person asked for; every path is absolute. */
export interface HeadlessOptions {
	readonly command: HeadlessCommand;
	readonly help: boolean;
	/** Files, folders and patterns; `-` is what comes from stdin. */
	readonly files: readonly string[];
	/** Where entries are kept; `undefined`: nowhere. */
	readonly dataFolder: string | undefined;
	readonly query: string;
	/** The stretch of time as a query, `since:… until:…`. */
	readonly range: string;
	readonly format: ExportFormat;
	readonly columns: readonly string[] | undefined;
	readonly limit: number;
	/** `undefined`: as the table would, by time if there are several sources. */
	readonly order: Order | undefined;
	readonly first: 'oldest' | 'newest';
	readonly output: string | undefined;
	readonly overwrite: boolean;
	readonly gzip: boolean;
	readonly zone: 'local' | 'utc';
	/** Of `query`: goes on with what comes, until it is stopped. */
	readonly follow: boolean;
	/** Where records of running schedulers come from. */
	readonly addresses: FeedAddresses;
	/** Where entries go, and are asked for; `undefined`: as `dataFolder` says. */
	readonly storage: NamedStorage | undefined;
}

const COMMON = `  FILE          a file, with its rotated siblings; a folder; a pattern in quotes; .gz and .zst as
                well; - for what comes from stdin. None: what is stored in --data
  --query Q     only entries that match, in the language of the window's query bar
  --since T     only those from a time on: 2026-11-22, "2026-11-22 10:00", -15m
  --until T     only those up to a time
  --limit N     the newest N of them; 0, the default, is all
  --order O     arrival: as they stand in their files; time: merged by their times.
                Without it: by time if there are several sources
  --newest      begin with the newest, as the window does
  --listen A    take records that schedulers send to tcp:PORT, unix:PATH or pipe:NAME, until Ctrl+C;
                FILE may be missing then
  --connect A   the same of a scheduler that serves its log at tcp:HOST:PORT, unix:PATH or
                pipe:NAME. Both may be given several times
  --columns L   of csv and text: time,level,logger,task,source,message or fields, user.id
  --zone Z      of csv and text: utc or local times
  --storage S   entries go to the storage S, and what is in it is looked at, whoever wrote it: sqlite,
                memory, jsonl:PATH, rotating:PATH, postgres://USER@HOST/DATABASE, redis://HOST, or
                the path of a module. FILE may be missing then. Its password: in the environment as
                ASYNCZ_COMPANION_STORAGE_PASSWORD
  --data DIR    keep what is read in DIR, and use what is there already; without it nothing is kept
  --help        show this text
`;

const HELP: Readonly<Record<HeadlessCommand, string>> = {
	query: `Print entries of logs.

  asyncz-companion query [options] FILE …      (npm run -s query -- … in the checkout)

${COMMON}  -f, --follow  go on with what comes, as it comes, until Ctrl+C; so do --listen and --connect.
                With --limit N the newest N are printed first, as tail does
  --format F    text (the default), jsonl, original, csv
`,
	export: `Write entries of logs into a file or a pipe.

  asyncz-companion export [options] FILE …      (npm run -s export -- … in the checkout)

${COMMON}  --format F    jsonl (the default): AsyncZ's records; original: the lines as they are, byte for
                byte; csv; text
  --output F    write a file, whole or not at all; without it: to stdout
  --force       replace a file that is there
  --gzip        compress it

With --listen or --connect all that has come is written when Ctrl+C is pressed. To write it as it
comes: asyncz-companion query --format jsonl --listen … > FILE
`,
};

/** The text of `--help`. */
export function helpOf(command: HeadlessCommand): string {
	return HELP[command];
}

const FLAGS = {
	query: { type: 'string' },
	since: { type: 'string' },
	until: { type: 'string' },
	format: { type: 'string' },
	columns: { type: 'string' },
	limit: { type: 'string' },
	order: { type: 'string' },
	newest: { type: 'boolean' },
	follow: { type: 'boolean', short: 'f' },
	listen: { type: 'string', multiple: true },
	connect: { type: 'string', multiple: true },
	zone: { type: 'string' },
	data: { type: 'string' },
	storage: { type: 'string' },
	help: { type: 'boolean', short: 'h' },
	output: { type: 'string', short: 'o' },
	force: { type: 'boolean' },
	gzip: { type: 'boolean' },
} as const;

const EXPORT_ONLY = ['output', 'force', 'gzip'] as const;

/**
 * Reads the arguments behind the command. Touches no file. Throws `invalid-options` with one
 * sentence that names the argument at fault.
 */
export function parseHeadless(
	command: HeadlessCommand,
	args: readonly string[],
	cwd: string,
	env: Readonly<Record<string, string | undefined>> = {},
): HeadlessOptions {
	const { values, positionals } = readArgs(args);
	const toPath = (path: string): string => (path === '-' ? path : resolve(cwd, path));
	const data = values.data;
	const addresses = {
		listen: (values.listen ?? []).map((text) => addressOf(text, 'listen', toPath)),
		connect: (values.connect ?? []).map((text) => addressOf(text, 'connect', toPath)),
	};
	const isFed = addresses.listen.length + addresses.connect.length > 0;
	checkTogether(command, values, { isFed, readsStdin: positionals.includes('-') });
	checkNoStorage(positionals);
	const hasNone = positionals.length === 0 && data === undefined && values.storage === undefined;
	if (values.help !== true && hasNone && !isFed) {
		throw invalid(`Name a log: asyncz-companion ${command} FILE (see --help)`);
	}
	const format = oneOf('format', values.format, EXPORT_FORMATS);
	const zone = oneOf('zone', values.zone, ['local', 'utc']);
	return {
		command,
		help: values.help === true,
		files: positionals.map(toPath),
		dataFolder: data === undefined ? undefined : resolve(cwd, data),
		query: checkedQuery('query', values.query ?? ''),
		range: [rangeOf('since', values.since), rangeOf('until', values.until)].join(' ').trim(),
		format: format ?? (command === 'query' ? 'text' : 'jsonl'),
		columns: columnsOf(values.columns),
		limit: limitOf(values.limit ?? '0'),
		order: oneOf('order', values.order, ORDERS),
		first: values.newest === true ? 'newest' : 'oldest',
		output: values.output === undefined ? undefined : resolve(cwd, values.output),
		overwrite: values.force === true,
		gzip: values.gzip === true,
		zone: zone ?? (command === 'query' ? 'local' : 'utc'),
		follow: command === 'query' && (values.follow === true || isFed),
		addresses,
		storage: values.storage === undefined ? undefined : storageOption(values.storage, toPath, env),
	};
}

/** Throws for options that do not go together. */
function checkTogether(
	command: HeadlessCommand,
	values: ReturnType<typeof readArgs>['values'],
	{ isFed, readsStdin }: { readonly isFed: boolean; readonly readsStdin: boolean },
): void {
	const wrong = EXPORT_ONLY.find((name) => command === 'query' && values[name] !== undefined);
	if (wrong !== undefined) {
		throw invalid(`--${wrong} is an option of "export", not of "query"`);
	}
	if (command === 'export' && values.follow === true) {
		throw invalid('--follow is an option of "query": query --follow --format jsonl FILE > OUTPUT');
	}
	const isEndless = values.follow === true || isFed;
	if (isEndless && readsStdin) {
		throw invalid('- for stdin ends by itself: name a file with --follow, --listen and --connect');
	}
	if (isEndless && command === 'query' && values.newest === true) {
		throw invalid('--newest has no place with --follow, where what comes next is printed last');
	}
}

function readArgs(args: readonly string[]) {
	try {
		return parseArgs({ args: withValues(args), options: FLAGS, allowPositionals: true });
	} catch (error) {
		// Node's sentence names the argument, and goes on about what it may have been.
		throw invalid(`${messageOf(error).split('. ')[0]} (see --help)`);
	}
}

/** A value may begin with `-`: `--since -15m`, `--query "-level:debug"`. */
function withValues(args: readonly string[]): string[] {
	const joined: string[] = [];
	for (let at = 0; at < args.length; at++) {
		const arg = args[at] ?? '';
		const next = args[at + 1];
		if (['--query', '--since', '--until'].includes(arg) && next !== undefined) {
			joined.push(`${arg}=${next}`);
			at++;
		} else if (arg === '--') {
			joined.push(...args.slice(at));
			break;
		} else {
			joined.push(arg);
		}
	}
	return joined;
}

function rangeOf(name: 'since' | 'until', text: string | undefined): string {
	return text === undefined ? '' : checkedQuery(name, `${name}:${JSON.stringify(text.trim())}`);
}

/** A query that says what is meant: nobody is there to be told what could not be read. */
function checkedQuery(name: string, text: string): string {
	const { problem } = parseQuery(text);
	if (problem !== undefined) {
		const { message, suggestion } = problem;
		throw invalid(`--${name}: ${message}${suggestion === undefined ? '' : ` Try: ${suggestion}`}`);
	}
	return text;
}

function columnsOf(text: string | undefined): readonly string[] | undefined {
	const columns = text?.split(',').map((name) => name.trim());
	if (columns?.some((name) => name === '' || name.length > 1_000) || (columns?.length ?? 0) > 50) {
		throw invalid(`--columns: expected up to 50 names with commas between them, got ${text}`);
	}
	return columns;
}

function limitOf(text: string): number {
	if (!/^\d{1,15}$/.test(text)) {
		throw invalid(`--limit: expected a number of entries, 0 for all, got ${text}`);
	}
	return Number(text);
}

function oneOf<T extends string>(
	name: string,
	value: string | undefined,
	all: readonly T[],
): T | undefined {
	const found = all.find((each) => each === value);
	if (value !== undefined && found === undefined) {
		throw invalid(`--${name}: expected one of ${all.join(', ')}, got ${value}`);
	}
	return found;
}

function invalid(message: string): AppError {
	return new AppError('invalid-options', message);
}
