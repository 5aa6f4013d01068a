import type { AudienceMember, Recipient } from '@campaign-manager/core/schemas';
import { createRandom, type Random } from '@campaign-manager/core/simulator';
import { dealSalesPersonas, dealSupportPersonas, type Persona } from './personas.js';

/** A simulated recipient: what the system knows of it, and how it will behave. */
export interface Person {
  readonly recipient: Recipient & { readonly email: string };
  readonly member: AudienceMember;
  readonly persona: Persona;
}

const FIRST_NAMES =
  'Ada Bela Carla Dario Edda Farid Greta Hanno Inga Jonas Kira Luan Mira Nils Olga Pavel Runa Soren Tilda Yusuf';
const COMPANIES =
  'Quay 9;Northgate Cold Store;Amber Freight;Fen & Daughters;Redwharf Logistics;Pallet Post;Ostermann Parcels;Blue Crane Storage';
const FEATURES = 'standby lists;shift swaps by phone;overtime warnings;the forecast of absences';
const SUBJECTS =
  'a rota that would not print;missing night shifts;a locked account;wrong public holidays;a slow export';

/** Forty leads of the sales campaign, the same for the same seed. */
export function salesAudience(seed: number): readonly Person[] {
  const random = createRandom(seed);
  return dealSalesPersonas(random).map((persona, i) => {
    const recipient = { ...someone('lead', i, random), recommended_feature: pick(FEATURES, ';', random) };
    return { recipient, member: { recipient_id: recipient._id }, persona };
  });
}

/** Forty customers of the support campaign, each with a ticket. */
export function supportAudience(seed: number): readonly Person[] {
  const random = createRandom(seed + 1);
  return dealSupportPersonas(random).map((persona, i) => {
    const recipient = someone('customer', i, random);
    const ticket = { 'ticket.id': `T-${4100 + i}`, 'ticket.subject': pick(SUBJECTS, ';', random) };
    return { recipient, member: { recipient_id: recipient._id, context: ticket }, persona };
  });
}

function someone(role: string, i: number, random: Random) {
  const id = `${role}_${String(i + 1).padStart(3, '0')}`;
  const firstName = pick(FIRST_NAMES, ' ', random);
  return {
    _id: id,
    first_name: firstName,
    email: `${firstName.toLowerCase()}.${id}@example.test`,
    company_name: pick(COMPANIES, ';', random),
  };
}

function pick(list: string, separator: string, random: Random): string {
  const values = list.split(separator);
  return values[Math.floor(random() * values.length)] ?? list;
}
