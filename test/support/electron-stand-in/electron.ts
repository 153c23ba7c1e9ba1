/** Plays the parts of the module `electron` that the app uses in its main process. */
import './app-half.ts';

export { app } from './app.ts';
export { BrowserWindow, ipcMain } from './browser-window.ts';
export { Menu } from './menu.ts';
export { dialog, nativeTheme, screen, shell } from './desktop.ts';
export { safeStorage } from './safe-storage.ts';
export { protocol, session } from './session.ts';
export { utilityProcess } from './utility-process.ts';
