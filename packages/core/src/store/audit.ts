import { randomUUID } from 'node:crypto';
import type { AuditDocument } from '../models/documents.js';
import type { Store } from './connect-store.js';
import { driver } from './connect-store.js';

/** Writes down who changed what. */
export async function audit(store: Store, entry: Omit<AuditDocument, '_id'>): Promise<void> {
  await driver(store.auditLog).insertOne({ _id: randomUUID(), ...entry });
}
