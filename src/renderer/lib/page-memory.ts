/**
 * Bytes of this page's JavaScript objects, as Chromium tells them (`performance.memory`, rounded by
 * it); `undefined` in other browsers.
 */
export function pageMemory(): number | undefined {
	const { memory } = performance as Performance & {
		readonly memory?: { readonly usedJSHeapSize?: number };
	};
	return memory?.usedJSHeapSize;
}
