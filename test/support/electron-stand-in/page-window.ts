import { readFileSync } from 'node:fs';
import type { BrowserContext, Page, Route } from 'playwright';
import { BINDING, preloadScript, receiveInPage } from './preload-shim.ts';
import type { AppHalf, WindowSpec } from './protocol.ts';

/** Chromium knows no `app:` scheme: the page lives here, and only here. */
const PAGE_ORIGIN = 'https://companion.test';
const APP_ORIGIN = 'app://companion';

type Remote = {
	readonly [M in keyof AppHalf]: (
		...args: Parameters<AppHalf[M]>
	) => Promise<Awaited<ReturnType<AppHalf[M]>>>;
};

/** Electron's names of the permissions a page might ask for, and Chromium's. */
const PERMISSIONS: Readonly<Record<string, string>> = {
	'clipboard-sanitized-write': 'clipboard-write',
	'clipboard-read': 'clipboard-read',
	geolocation: 'geolocation',
	notifications: 'notifications',
	midi: 'midi',
};

/** One window of the app: a real page whose requests, messages and navigations the app decides. */
export class PageWindow {
	readonly page: Page;
	readonly #id: number;
	readonly #app: Remote;
	/** The address the app itself is loading: nobody is asked about that one. */
	#loading: string | undefined;

	private constructor(page: Page, id: number, app: Remote) {
		this.page = page;
		this.#id = id;
		this.#app = app;
	}

	/** Opens a page as the window `spec` says; `watch` sees it before anything happens in it. */
	static async open(
		context: BrowserContext,
		spec: WindowSpec,
		app: Remote,
		watch: (page: Page) => Promise<void>,
	): Promise<PageWindow> {
		const page = await context.newPage();
		await watch(page);
		const window = new PageWindow(page, spec.id, app);
		await page.setViewportSize({ width: spec.width, height: spec.height });
		await page.exposeBinding(BINDING, (source, channel: string, json: string) =>
			app.message({
				window: spec.id,
				isMainFrame: source.frame === page.mainFrame(),
				url: toAppUrl(source.frame.url()),
				channel,
				json,
			}),
		);
		await page.addInitScript(preloadScript(readFileSync(spec.preload, 'utf8')));
		await page.route('**/*', (route) => unlessClosed(window.#answer(route)));
		page.on('popup', (popup) => void unlessClosed(window.#judgePopup(popup)));
		page.on('load', () => void app.loaded({ window: spec.id }));
		const names = await app.permissions({ window: spec.id, names: Object.keys(PERMISSIONS) });
		await context.grantPermissions(names.map((name) => PERMISSIONS[name] ?? name));
		return window;
	}

	async load(url: string): Promise<void> {
		const pageUrl = url.replace(APP_ORIGIN, PAGE_ORIGIN);
		this.#loading = pageUrl;
		await this.page.goto(pageUrl);
	}

	async reload(): Promise<void> {
		this.#loading = this.page.url();
		await this.page.reload();
	}

	/** Hands a message to the page, unless it is just going. */
	send(channel: string, json: string): Promise<void> {
		return unlessClosed(this.page.evaluate(receiveInPage, [channel, json] as const));
	}

	/** Lets the page prefer a scheme; `null` for the system's own. */
	setColorScheme(colorScheme: 'light' | 'dark' | null): Promise<void> {
		return unlessClosed(this.page.emulateMedia({ colorScheme }));
	}

	async #answer(route: Route): Promise<void> {
		const request = route.request();
		const url = toAppUrl(request.url());
		const isMainFrame = request.isNavigationRequest() && request.frame() === this.page.mainFrame();
		if (request.isNavigationRequest() && !(isMainFrame && this.#loading === request.url())) {
			if (!(await this.#app.mayNavigate({ window: this.#id, url, isMainFrame }))) {
				await route.abort('aborted');
				return;
			}
		}
		if (isMainFrame) {
			this.#loading = undefined;
		}
		const response = await this.#app.request({ url, method: request.method() });
		if (response === undefined) {
			await route.abort('blockedbyclient');
		} else {
			await route.fulfill({ ...response, body: Buffer.from(response.body) });
		}
	}

	/** Electron asks before there is a window; here it is closed before anybody sees it. */
	async #judgePopup(popup: Page): Promise<void> {
		if (!(await this.#app.mayOpenWindow({ window: this.#id, url: popup.url() }))) {
			await popup.close();
		}
	}
}

/** A page may be closed while something is still on its way to it: nobody misses that. */
async function unlessClosed(done: Promise<void>): Promise<void> {
	try {
		await done;
	} catch (error) {
		if (!/closed|destroyed|navigat/i.test(String(error))) {
			throw error;
		}
	}
}

function toAppUrl(url: string): string {
	return url.replace(PAGE_ORIGIN, APP_ORIGIN);
}
