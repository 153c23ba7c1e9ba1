const KEY = 'asyncz-companion.token';

/** Whether an address brings a token. */
export function hasToken(location: Pick<Location, 'hash'>): boolean {
	return tokenIn(location) !== undefined;
}

/**
 * The token of the printed address (`…/#token=…`). It is kept for reloads of this tab and taken
 * out of the address bar, where it would be copied or bookmarked by mistake.
 */
export function takeToken(window: {
	readonly location: Pick<Location, 'hash' | 'pathname' | 'search'>;
	readonly history: Pick<History, 'replaceState'>;
	readonly sessionStorage: Pick<Storage, 'getItem' | 'setItem'>;
}): string | undefined {
	const { location, history, sessionStorage } = window;
	const token = tokenIn(location);
	if (token === undefined) {
		return sessionStorage.getItem(KEY) ?? undefined;
	}
	sessionStorage.setItem(KEY, token);
	history.replaceState(undefined, '', `${location.pathname}${location.search}`);
	return token;
}

function tokenIn({ hash }: Pick<Location, 'hash'>): string | undefined {
	return new URLSearchParams(hash.slice(1)).get('token') || undefined;
}
