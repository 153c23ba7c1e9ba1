import type { HostInfo } from '#shared/api/host.ts';
import { messageOf } from '#shared/errors.ts';
import type { SourceConfig, SourceId } from '#shared/model/source.ts';
import type { Services } from '../../connection/open-services.ts';
import { isPattern } from '../../lib/path-text.ts';
import type { Notices } from '../notices.svelte.ts';

/** Opens logs: files by the system's dialog where there is one; anything by a path that is typed. */
export class OpenFiles {
	/** The dialog for a typed path is open. */
	isAsking = $state(false);
	/** What stands in its field at first, and why it is asked. */
	path = $state('');
	reason: string | undefined = $state();
	/** What this host is and can do. */
	info: HostInfo | undefined = $state.raw();
	/** Files given to the engine that it has not answered about. */
	opening = $state(0);
	readonly #services: Services;
	readonly #notices: Notices;

	constructor(services: Services, notices: Notices) {
		this.#services = services;
		this.#notices = notices;
	}

	/** Asks which file to open. */
	async ask(): Promise<void> {
		if (this.info?.canPickFiles === true) {
			await this.pick();
		} else {
			this.askForPath();
		}
	}

	/** Asks for the path of a file or a folder, or for a pattern: what the system's dialog can't. */
	askForPath(): void {
		this.#ask('');
	}

	/** Asks by the system's dialog, which gives several at once. */
	async pick(): Promise<void> {
		this.isAsking = false;
		try {
			await this.openAll(await this.#services.host.pickFiles({}));
		} catch (error) {
			this.#notices.error(error);
		}
	}

	async openSample(): Promise<void> {
		if (this.info !== undefined) {
			await this.openAll([this.info.samplePath]);
		}
	}

	/** Opens what these paths name; what fails is said. */
	async openAll(paths: readonly string[]): Promise<void> {
		for (const path of paths) {
			const problem = await this.open(path);
			if (problem !== undefined) {
				this.#notices.error(new Error(problem));
			}
		}
	}

	/**
	 * Opens a file, a folder or a pattern; with `id` that source is followed there from now on.
	 * Resolves with a sentence when that fails.
	 */
	async open(path: string, id?: SourceId): Promise<string | undefined> {
		this.opening++;
		try {
			const config = await this.#configOf(path);
			const { engine } = this.#services;
			await (id === undefined ? engine.openSource(config) : engine.reopenSource({ id, config }));
			return undefined;
		} catch (error) {
			return messageOf(error);
		} finally {
			this.opening--;
		}
	}

	/** Files were dropped on the window; a browser does not say where they lie. */
	async openDropped(files: readonly File[], pathOf: (file: File) => string): Promise<void> {
		const paths = files.map(pathOf).filter((path) => path !== '');
		if (paths.length > 0) {
			await this.openAll(paths);
			return;
		}
		const name = files[0]?.name;
		if (name !== undefined) {
			this.#ask(
				name,
				`A browser does not tell where a dropped file is. Complete the path of ${name} to follow it.`,
			);
		}
	}

	/** Looks anew at a source, whatever it waits for. */
	async retry(id: SourceId): Promise<void> {
		try {
			await this.#services.engine.reopenSource({ id });
		} catch (error) {
			this.#notices.error(error);
		}
	}

	completePath(text: string): Promise<readonly string[]> {
		return this.#services.host.completePath({ text });
	}

	cancel(): void {
		this.isAsking = false;
	}

	/** What a path names: what is there says it, and where nothing is, how it is written. */
	async #configOf(text: string): Promise<SourceConfig> {
		const path = text.replace(/(?<=[^/\\:])[/\\]+$/, '');
		const found = await this.completePath(path).catch((): readonly string[] => []);
		const isFolder =
			/[/\\]$/.test(text) ||
			this.info?.allowedFolders.includes(path) === true ||
			found.some((one) => one === `${path}/` || one === `${path}\\`);
		if (isFolder) {
			return { type: 'folder', path };
		}
		return { type: isPattern(path) && !found.includes(path) ? 'glob' : 'file', path };
	}

	#ask(path: string, reason?: string): void {
		this.path = path;
		this.reason = reason;
		this.isAsking = true;
	}
}
