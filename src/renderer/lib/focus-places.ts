/** Puts the keyboard into the table, where single keys act. */
export function focusTable(): void {
	document.getElementById('log-entries')?.focus({ preventScroll: true });
}

/** Puts the keyboard into the field of the query, its text chosen to be typed over. */
export function focusSearch(): void {
	focusField('search');
}

/** Puts the keyboard into the field of what is highlighted, if it is open already. */
export function focusHighlight(): void {
	focusField('highlight');
}

function focusField(id: string): void {
	const field = document.getElementById(id);
	if (field instanceof HTMLInputElement) {
		field.focus();
		field.select();
	}
}
