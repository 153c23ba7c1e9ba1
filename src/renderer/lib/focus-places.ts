/** Puts the keyboard into the table, where single keys act. */
export function focusTable(): void {
	document.getElementById('log-entries')?.focus({ preventScroll: true });
}

/** Puts the keyboard into the field of the query, its text chosen to be typed over. */
export function focusSearch(): void {
	const field = document.getElementById('search');
	if (field instanceof HTMLInputElement) {
		field.focus();
		field.select();
	}
}
