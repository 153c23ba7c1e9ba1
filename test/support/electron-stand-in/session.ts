import type { PageRequest, PageResponse } from './protocol.ts';

type RequestListener = (
	details: PageRequest,
	callback: (answer: { readonly cancel?: boolean }) => void,
) => void;
type PermissionCheck = (contents: unknown, permission: string) => boolean;
type PermissionRequest = (
	contents: unknown,
	permission: string,
	callback: (isGranted: boolean) => void,
) => void;

const handlers = new Map<string, (request: Request) => Response | Promise<Response>>();
let beforeRequest: RequestListener = (_details, callback) => callback({});
let checkPermission: PermissionCheck = () => true;
let requestPermission: PermissionRequest = (_contents, _permission, callback) => callback(true);

/** Plays `protocol`. */
export const protocol = {
	registerSchemesAsPrivileged: (): void => {},
	handle: (scheme: string, handler: (request: Request) => Response | Promise<Response>): void => {
		handlers.set(`${scheme}:`, handler);
	},
};

/** Plays `session`. What a handler is not set for is allowed, as in Electron. */
export const session = {
	defaultSession: {
		webRequest: {
			onBeforeRequest: (listener: RequestListener): void => {
				beforeRequest = listener;
			},
		},
		setPermissionCheckHandler: (handler: PermissionCheck): void => {
			checkPermission = handler;
		},
		setPermissionRequestHandler: (handler: PermissionRequest): void => {
			requestPermission = handler;
		},
		setDevicePermissionHandler: (): void => {},
	},
};

/** Answers a request of a page; `undefined` when the app cancels it or knows no such scheme. */
export async function answerRequest(request: PageRequest): Promise<PageResponse> {
	const isCancelled = await new Promise<boolean>((resolve) => {
		beforeRequest(request, ({ cancel = false }) => resolve(cancel));
	});
	const handler = handlers.get(new URL(request.url).protocol);
	if (isCancelled || handler === undefined) {
		return undefined;
	}
	const response = await handler(new Request(request.url, { method: request.method }));
	return {
		status: response.status,
		headers: Object.fromEntries(response.headers),
		body: new Uint8Array(await response.arrayBuffer()),
	};
}

/** Whether both ways to a permission are open for a page. */
export function isPermitted(contents: unknown, permission: string): boolean {
	let isGranted = false;
	requestPermission(contents, permission, (answer) => {
		isGranted = answer;
	});
	return isGranted && checkPermission(contents, permission);
}
