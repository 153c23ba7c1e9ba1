/** One line of a menu. */
export interface MenuItem {
	readonly name: string;
	readonly act: () => void;
	/** The key that does the same elsewhere. */
	readonly key?: string;
	readonly isDisabled?: boolean;
	/** A line stands above it. */
	readonly isFirstOfGroup?: boolean;
}

/** Where a menu opens: its upper left corner, in pixels of the window. */
export interface MenuPlace {
	readonly x: number;
	readonly y: number;
}

/** A menu that is open. */
export interface OpenMenu {
	/** What it is about, for those who do not see it. */
	readonly label: string;
	readonly items: readonly MenuItem[];
	readonly place: MenuPlace;
}

/** Just below an element. */
export function placeBelow(element: Element): MenuPlace {
	const { left, bottom } = element.getBoundingClientRect();
	return { x: left, y: bottom };
}
