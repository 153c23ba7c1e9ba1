import { describeStorage } from './storage-contract.ts';
import { openSqliteStorage } from './open-storage.ts';

describeStorage('SqliteLogStorage', () => openSqliteStorage());
