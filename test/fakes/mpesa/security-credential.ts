import { constants, privateDecrypt } from 'node:crypto';

/** The certificate of the fake, which initiators' passwords are encrypted for. */
export const MPESA_FAKE_CERTIFICATE = `-----BEGIN CERTIFICATE-----
MIIDRzCCAi+gAwIBAgIUN1KVKwO8Zhzv3QeYkyuYt0hE0zIwDQYJKoZIhvcNAQEL
BQAwMjEaMBgGA1UECgwRTm92YUJpbGxpbmcgdGVzdHMxFDASBgNVBAMMC2Zha2Ug
TS1QZXNhMCAXDTI2MTEyMTEzMzc1OFoYDzIxMjYxMDI4MTMzNzU4WjAyMRowGAYD
VQQKDBFOb3ZhQmlsbGluZyB0ZXN0czEUMBIGA1UEAwwLZmFrZSBNLVBlc2EwggEi
MA0GCSqGSIb3DQEBAQUAA4IBDwAwggEKAoIBAQCpiwb/vql2Y7e70xu0dYQRxZ0D
W2MgrfqeDQRlfMh4h7tKYh3knjKf58xBSs5bZGfvO4Gtm5t3HpSj/y+qNRDCO6Ny
RP1qNsgEdOVlUEKkf5FMMXs802hFZwKNV1DarNRUIuBYPFPQNWpkSQzX97Hhs5EW
ENg3cSK7XReNT0YJ5/qKogJz8r7DlYZZGlXALZZ+9Iuc9AFYcVFRoEWbWHF/vZ1N
myPLYKqdn04YBN/SFbeSFyk97w3jShqtFFOZABPkhp7ZChj61QJ5dkd9FpqbD/sR
/fLfeqZjDw/YVClUAWN2Q6b95WKZ97AVRb2g1ARiMgWlauShXTH/DnvuCEavAgMB
AAGjUzBRMB0GA1UdDgQWBBQXrj7yxtefMR0SRuRt54IeLL3BdjAfBgNVHSMEGDAW
gBQXrj7yxtefMR0SRuRt54IeLL3BdjAPBgNVHRMBAf8EBTADAQH/MA0GCSqGSIb3
DQEBCwUAA4IBAQAQzMTYyPBcYhuZB65zkWOqxiGXdJBymfuJ0dYPomhAjvLygo3f
pkXDiojEztn4v1ySwuwjMrNGBv5lLQK1l/LMPN1XQL5pAdU33DpO6FGJ+X75CfA7
Q+VMjmbiQNhiTO+wu8WM/4qsmTShAvsKwvHmyoR/uPT2KK5N02DPUG9B6BmuWiwr
v/Ipu3+jO6d6H9pSWARP0wYGoM+4xtXpLbvFIHYOLVl3/6OGAwayL7RaybMkr2dh
4B+4zXuiQHO/KVrN3FL5xSeZF05V++eCIxfRm6bkbeZ9LE5WH/UURtStv9o9LQXw
uiP9f2cncj3tH+GA7yFb0xj1+s2fa1cplN6b
-----END CERTIFICATE-----
`;

/** It guards nothing: whoever reads this may have it. */
const PRIVATE_KEY = `-----BEGIN PRIVATE KEY-----
MIIEvgIBADANBgkqhkiG9w0BAQEFAASCBKgwggSkAgEAAoIBAQCpiwb/vql2Y7e7
0xu0dYQRxZ0DW2MgrfqeDQRlfMh4h7tKYh3knjKf58xBSs5bZGfvO4Gtm5t3HpSj
/y+qNRDCO6NyRP1qNsgEdOVlUEKkf5FMMXs802hFZwKNV1DarNRUIuBYPFPQNWpk
SQzX97Hhs5EWENg3cSK7XReNT0YJ5/qKogJz8r7DlYZZGlXALZZ+9Iuc9AFYcVFR
oEWbWHF/vZ1NmyPLYKqdn04YBN/SFbeSFyk97w3jShqtFFOZABPkhp7ZChj61QJ5
dkd9FpqbD/sR/fLfeqZjDw/YVClUAWN2Q6b95WKZ97AVRb2g1ARiMgWlauShXTH/
DnvuCEavAgMBAAECggEADHHWhS4vDTAbm+9OgMwBcjaBpG3wVEVA+Jn3ASYMJwC7
iCW0kQPlrmQa044UoJO5p09EYQRjgHZfrbv8+S7k+ITdJfWXblTwEJeuAOZHxgBR
H3kgVSIlbLa3cr1+g1adTUG0GvXupwFMumi8Rxv41BrUovyAim1FAeC+6lHvz6k3
L6oRAAWe/6h8H2dpqvF/+/l9qFpAHp0RbpmtSj1itf8SqybDtBiop74R7yDDp/wh
37tphMwHLl8fmIrIaMOTLhVSgB85ANucf1NYYdmTdjwXvijRr2M7bHzlpmFZld2B
nFIDL7deNq8cRADDPQ4BYa2zNlwbDe2FkhUHZ684SQKBgQDobdyfoqSNGARxOSS3
jq+nvkPKcFld2PK+LpPQqYxaHnLx7Bbx9YKmkM+2cCMfDmhq2qM4KWlJ1UGN7meR
erfYf5etC3CdrxwkRQwqqxEPpWH1j9tEMfnwB7QJ4ZJjfxAWgzm+32kSeUQ3WZ1f
kAFhdWEnmzM3ZQ01QA7hhMunOQKBgQC6vJFpMuzpkrBOT/WPl8rjXZoTv6W1kok+
CLoi1dKIf7d2cduIBxLYyjl8FDG/33557n2WVY0VlqbRknVBb/HB6xEGiLmXY9mT
1mN53BvFWUW3sRibItm6SH/sAYG6YPOQRysIrPiUB55fsD28B6gQ98Y0AjfQdqJX
LsZ5uXs1JwKBgQCaNPGQdB8KgWnJGOmUYzWFbEWb1ShljF+Y8Fwfr62vyM3oVgPv
Kj0xd5hn6URUAYIjisWJqGfzlWp12TubmLjLCfQ+2f0wkRJxueHVmUOrhsVUX8pR
F3tE1keL2r3+BzpMRWoVijIzEIPC2VEBKxDPcUoxNdYoJYI61zJIS4u2eQKBgQCL
TcTET8NA87cmlKvBtSEbwGYCuYNrEqfjaStCdXSbc3tvlryIm45Jv4Jmt8HtO1Lk
ry9tCOE466wCx1lFubcGTM/kqfaZo1la2iJXdAYbkN9bi3eps7PtLcyQSQd3/H92
cEEANdkyxQQ2qglDzgporg5kGgt9LiMpGrHheKcbHQKBgDLSwlqFVF/pApdpL5ce
pc7bEBfjYRWRJGtahCudgkXcSygMgLelaZPxZgs7rIzWVSe62c8XT0auUg/pcj9W
EiGAl1+2rYR32mQGWsxIiArSX/zYFhBjWEkpvlxx/Kh0/txA2ZLA2gkWQxbS8CS1
N+7IstxMP2HX52wVgkJl5uMe
-----END PRIVATE KEY-----
`;

/** The password in a SecurityCredential (RSA, PKCS #1 v1.5, base64), or null when it is none for this certificate. */
export function passwordIn(credential: string): string | null {
  try {
    // Node no longer takes this padding off itself, so it is done by hand: 00 02, bytes that are not 0, 00, the text.
    const key = { key: PRIVATE_KEY, padding: constants.RSA_NO_PADDING };
    const block = privateDecrypt(key, Buffer.from(credential, 'base64'));
    const end = block.indexOf(0, 2);
    return block[0] === 0 && block[1] === 2 && end >= 10 ? block.subarray(end + 1).toString('utf8') : null;
  } catch {
    return null;
  }
}
