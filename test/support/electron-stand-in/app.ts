import { EventEmitter } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { emitPreventable } from './emitter.ts';
import { InstanceLock } from './instance-lock.ts';

/** The root of the project: the app's folder, which `register.ts` put where Electron has it. */
const appPath = process.argv[1] ?? '';

class App extends EventEmitter {
	readonly isPackaged = false;
	readonly #ready = Promise.withResolvers<void>();
	readonly #paths = new Map([['userData', join(tmpdir(), 'electron-stand-in')]]);
	readonly #lock = new InstanceLock((handedOver) => {
		this.emit('second-instance', {}, handedOver.argv, handedOver.cwd, handedOver.data);
	});
	/** Closes all windows; answers whether they let themselves be closed. */
	closeWindows: () => Promise<boolean> = async () => true;
	isSandboxEnabled = false;
	#isQuitting = false;

	constructor() {
		super();
		// The bundle is evaluated by then.
		setImmediate(() => {
			this.#ready.resolve();
			this.emit('ready');
		});
		// Electron quits at these by itself; without its test, too, there is nobody to show anything.
		for (const signal of ['SIGTERM', 'SIGINT'] as const) {
			process.on(signal, () => this.quit());
		}
		process.on('disconnect', () => process.exit(1));
	}

	whenReady(): Promise<void> {
		return this.#ready.promise;
	}

	getAppPath(): string {
		return appPath;
	}

	setPath(name: string, path: string): void {
		this.#paths.set(name, path);
	}

	setName(): void {}

	setAboutPanelOptions(): void {}

	enableSandbox(): void {
		this.isSandboxEnabled = true;
	}

	requestSingleInstanceLock(data: unknown): boolean {
		const folder = this.#paths.get('userData') ?? '';
		return this.#lock.take(folder, { argv: process.argv, cwd: process.cwd(), data });
	}

	quit(): void {
		void this.#quit();
	}

	exit(code: number): void {
		this.#lock.release();
		process.exit(code);
	}

	async #quit(): Promise<void> {
		if (this.#isQuitting) {
			return;
		}
		this.#isQuitting = true;
		await this.#lock.handedOver;
		const mayQuit =
			emitPreventable(this, 'before-quit') &&
			(await this.closeWindows()) &&
			emitPreventable(this, 'will-quit');
		this.#isQuitting = false;
		if (mayQuit) {
			this.emit('quit');
			this.exit(0);
		}
	}
}

/** Plays `app`. */
export const app = new App();
