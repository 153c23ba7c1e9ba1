import type { HostInfo } from '#shared/api/host.ts';
import { messageOf } from '#shared/errors.ts';
import type { Services } from '../connection/open-services.ts';
import type { Notices } from './notices.svelte.ts';

/** Opens logs: by the system's dialog where there is one, else by a path that is typed. */
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
		if (this.info?.canPickFiles !== true) {
			this.#askForPath('');
			return;
		}
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

	/** Opens files whose paths are known; what fails is said. */
	async openAll(paths: readonly string[]): Promise<void> {
		for (const path of paths) {
			const problem = await this.open(path);
			if (problem !== undefined) {
				this.#notices.error(new Error(problem));
			}
		}
	}

	/** Opens one file. Resolves with a sentence when that fails. */
	async open(path: string): Promise<string | undefined> {
		this.opening++;
		try {
			await this.#services.engine.openSource({ type: 'file', path });
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
			this.#askForPath(
				name,
				`A browser does not tell where a dropped file is. Complete the path of ${name} to follow it.`,
			);
		}
	}

	completePath(text: string): Promise<readonly string[]> {
		return this.#services.host.completePath({ text });
	}

	cancel(): void {
		this.isAsking = false;
	}

	#askForPath(path: string, reason?: string): void {
		this.path = path;
		this.reason = reason;
		this.isAsking = true;
	}
}
