/** How long the mouse has to rest on a cell: measuring one has the page laid out. */
const REST_MS = 300;

/** Gives a cell whose text is cut a tooltip with all of it, while the mouse rests on it. */
export function explainCutCells(table: HTMLElement): () => void {
	let timer: ReturnType<typeof setTimeout> | undefined;
	let explained: HTMLElement | undefined;

	const enter = ({ target }: MouseEvent): void => {
		clearTimeout(timer);
		explained?.removeAttribute('title');
		explained = undefined;
		if (target instanceof HTMLElement && target.role === 'gridcell' && !target.title) {
			timer = setTimeout(() => explain(target), REST_MS);
		}
	};

	const explain = (cell: HTMLElement): void => {
		// The message has a place of its own for its whole length: the details.
		if (cell.scrollWidth > cell.clientWidth && !cell.classList.contains('message')) {
			cell.title = cell.textContent;
			explained = cell;
		}
	};

	table.addEventListener('mouseover', enter);
	return () => {
		clearTimeout(timer);
		table.removeEventListener('mouseover', enter);
	};
}
