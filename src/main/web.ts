/** Entry of the web host: the engine and a server for the browser, in plain Node. */
import { randomBytes } from 'node:crypto';
import { realpathSync } from 'node:fs';
import { messageOf } from '#shared/errors.ts';
import { findAppFiles } from './app-files.ts';
import type { AppFiles } from './app-files.ts';
import { EngineHost } from './engine-host.ts';
import { FeedHost } from './feed-host.ts';
import { checkPaths, HELP, parseOptions } from './options.ts';
import type { Options } from './options.ts';
import { passwordApi } from './passwords/password-api.ts';
import { passwordFile } from './passwords/password-file.ts';
import { Passwords } from './passwords/passwords.ts';
import { guardStorages } from './storages/guard-storages.ts';
import { givenPasswords, namedStorages, storageOfRun } from './storages/storage-option.ts';
import { loadStaticFiles } from './static-files.ts';
import { openWindowRpc } from './window-rpc.ts';
import { sourceConfigOf } from './source-of-path.ts';
import { realpathOf, restrictSources } from './web/allowed-paths.ts';
import type { AllowedPaths } from './web/allowed-paths.ts';
import { allowedStorages } from './web/allowed-storages.ts';
import { Downloads } from './web/downloads.ts';
import { forkEngine } from './fork-engine.ts';
import { createHostApi } from './web/host-api.ts';
import { listen, LOOPBACK } from './web/http-server.ts';
import { openBrowser } from './web/open-browser.ts';
import { createWsServer } from './web/ws-server.ts';

/**
 * Runs the web host until a signal ends the process. Prints one line with its address, or one
 * sentence on stderr and lets the process end with 1.
 */
export async function runWebHost(args: readonly string[]): Promise<void> {
	try {
		const { env, platform } = process;
		const options = parseOptions(args, { cwd: process.cwd(), env, platform });
		if (options.help) {
			process.stdout.write(HELP);
			return;
		}
		checkPaths(options);
		const url = await start(options, findAppFiles(import.meta.url));
		console.log(`AsyncZ Companion: ${url}`);
		if (options.openBrowser) {
			openBrowser(url, { env, platform });
		}
	} catch (error) {
		// Also what nobody foresaw: no stack is of use to whoever started this.
		console.error(messageOf(error));
		process.exitCode = 1;
	}
}

async function start(options: Options, app: AppFiles): Promise<string> {
	const files = loadStaticFiles(app.renderer);
	const passwords = new Passwords({
		file: passwordFile(options.dataFolder),
		given: givenPasswords(options.storage),
		onProblem: (message) => console.error(message),
	});
	const engine = new EngineHost({
		startProcess: () => forkEngine(app.engine),
		dataFolder: options.dataFolder,
		passwords: await passwords.known(),
		...storageOfRun(options.storage),
	});
	const feeds = new FeedHost(engine, {
		url: app.feeds,
		dataFolder: options.dataFolder,
		addresses: options,
	});
	try {
		await engine.open();
		for (const path of options.files) {
			await engine.api.openSource(sourceConfigOf(path));
		}
		return await serve({ engine, feeds, passwords }, files, options, app);
	} catch (error) {
		await feeds.close();
		await engine.close();
		throw error;
	}
}

/** What works behind the server. */
interface Running {
	readonly engine: EngineHost;
	readonly feeds: FeedHost;
	readonly passwords: Passwords;
}

async function serve(
	{ engine, feeds, passwords }: Running,
	files: ReturnType<typeof loadStaticFiles>,
	options: Options,
	app: AppFiles,
): Promise<string> {
	const folders = options.allowedFolders.length > 0 ? options.allowedFolders : [process.cwd()];
	const allowed: AllowedPaths = {
		folders: folders.map((folder) => realpathSync(folder)),
		files: await Promise.all([app.sample, ...options.files].map((file) => realpathOf(file))),
	};
	const downloads = new Downloads(engine.exports, engine.api);
	const services = {
		engine: guardStorages(
			restrictSources(engine.api, allowed),
			allowedStorages(allowed, {
				ownFolder: options.dataFolder,
				named: namedStorages(options.storage),
			}),
		),
		host: createHostApi(app, allowed, downloads, passwordApi(passwords, engine)),
		subscribe: engine.subscribe.bind(engine),
	};
	const sockets = createWsServer((channel) => openWindowRpc(channel, services));
	const token = randomBytes(32).toString('base64url');
	const server = await listen(options.port, {
		files,
		token,
		downloads,
		upgrade: sockets.upgrade,
	});
	stopOnSignal(async () => {
		sockets.close();
		await server.close();
		await feeds.close();
		await engine.close();
	});
	// In the fragment the token is never sent, logged or handed on as a referrer.
	return `http://${LOOPBACK}:${server.port}/#token=${token}`;
}

/** Closes in order at the first signal, at once at the second. */
function stopOnSignal(close: () => Promise<void>): void {
	let isClosing = false;
	const stop = (): void => {
		if (isClosing) {
			process.exit(1);
		}
		isClosing = true;
		close().then(
			() => process.exit(0),
			(error: unknown) => {
				console.error(`Closing failed: ${messageOf(error)}`);
				process.exit(1);
			},
		);
	};
	process.on('SIGINT', stop);
	process.on('SIGTERM', stop);
}

if (import.meta.main) {
	await runWebHost(process.argv.slice(2));
}
