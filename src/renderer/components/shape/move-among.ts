/**
 * Arrow keys in a list of rows with buttons: up and down go from row to row, Home and End to its
 * ends, left and right along the buttons of a row. Meant for `keydown` of the list.
 */
export function moveAmong(event: KeyboardEvent & { readonly currentTarget: HTMLElement }): void {
	const focused = document.activeElement;
	const row = focused?.closest('li');
	if (!(focused instanceof HTMLElement) || !row || event.ctrlKey || event.altKey || event.metaKey) {
		return;
	}
	const rows = [...event.currentTarget.children];
	const place = rows.indexOf(row);
	const buttons = [...row.querySelectorAll('button')];
	const button = buttons.findIndex((other) => other === focused);
	const targets: Readonly<Record<string, Element | null | undefined>> = {
		ArrowDown: rows[place + 1]?.querySelector('button'),
		ArrowUp: rows[place - 1]?.querySelector('button'),
		Home: rows[0]?.querySelector('button'),
		End: rows.at(-1)?.querySelector('button'),
		ArrowRight: buttons[button + 1],
		ArrowLeft: buttons[button - 1],
	};
	if (event.key in targets) {
		event.preventDefault();
		const target = targets[event.key];
		if (target instanceof HTMLElement) {
			target.focus();
		}
	}
}
