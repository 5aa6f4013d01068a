import { checkAudienceMember, checkRecipient } from '@campaign-manager/core/schemas';
import { salesAudience, supportAudience } from './audience.js';

describe.each([
  ['leads', salesAudience],
  ['customers', supportAudience],
])('the %s', (_, audience) => {
  it('are people whom the api accepts', () => {
    for (const { recipient, member } of audience(1)) {
      expect(checkRecipient(recipient)).toMatchObject({ ok: true });
      expect(checkAudienceMember(member)).toMatchObject({ ok: true });
      expect(member.recipient_id).toBe(recipient._id);
    }
  });

  it('have an address each, at a domain that nobody owns', () => {
    const addresses = audience(1).map(({ recipient }) => recipient.email);
    expect(new Set(addresses).size).toBe(40);
    expect(addresses.filter((address) => !address.endsWith('@example.test'))).toEqual([]);
  });

  it('are the same for the same seed, and others for another', () => {
    expect(audience(3)).toEqual(audience(3));
    expect(audience(3)).not.toEqual(audience(4));
  });
});
