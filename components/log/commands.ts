interface Facts {
  /** Address of the site, without a slash at its end */
  readonly site: string;
  /** Name of the log */
  readonly origin: string;
  /** The log's key as SubjectPublicKeyInfo, base64 */
  readonly spki: string;
  /** Its key id, hex */
  readonly keyId: string;
  readonly index: number;
}

/**
 * Three commands that check the log with other people's software only: curl, openssl, Python's standard library.
 * tests/e2e/log.spec.ts takes them from the page and runs them.
 */
export function checkingCommands({
  site,
  origin,
  spki,
  keyId,
  index,
}: Facts): readonly [string, string, string] {
  return [
    `curl -sf ${site}/log/checkpoint -o checkpoint &&
head -n 3 checkpoint > text &&
grep -F -- '— ${origin} ${lineStart(keyId)}' checkpoint | head -n 1 | cut -d ' ' -f 3 | base64 -d | tail -c 64 > signature &&
echo ${spki} | base64 -d > log.der &&
openssl pkeyutl -verify -pubin -keyform DER -inkey log.der -rawin -in text -sigfile signature`,
    `python3 - ${site} ${index} <<'END'
import base64, hashlib, json, sys, urllib.request
site, index = sys.argv[1], int(sys.argv[2])
read = lambda path: urllib.request.urlopen(site + path).read().decode()
sha256 = lambda *parts: hashlib.sha256(b"".join(parts)).digest()
head, note = read("/log/entry/%d.tlog-proof" % index).split("\\n\\n", 1)
origin, size, root = note.split("\\n")[:3]
node, last = index, int(size) - 1
result = sha256(b"\\0", json.loads(read("/api/v1/entries/%d" % index))["leaf"].encode())
for line in head.split("\\n")[2:]:
    sibling = base64.b64decode(line)
    if node % 2 or node == last:
        result = sha256(b"\\1", sibling, result)
        while node and node % 2 == 0:
            node, last = node // 2, last // 2
    else:
        result = sha256(b"\\1", result, sibling)
    node, last = node // 2, last // 2
print("computed  ", base64.b64encode(result).decode())
print("checkpoint", root, origin, size)
sys.exit(last != 0 or base64.b64encode(result).decode() != root)
END`,
    `curl -sf ${site}/api/v1/entries/${index} | python3 -c '
import base64, json, sys
entry = json.load(sys.stdin)
leaf = json.loads(entry["leaf"])
open("signature", "wb").write(base64.b64decode(leaf["sig"]))
open("key.pem", "w").write(entry["signer"]["publicKey"])
print(leaf["pae"])' > hash &&
curl -sf ${site}/api/v1/blobs/sha256/$(cat hash) -o statement &&
cat hash && sha256sum statement &&
openssl pkeyutl -verify -pubin -inkey key.pem -rawin -in statement -sigfile signature`,
  ];
}

/** How the base64 of a signature line by this key begins: five characters are 30 of the key id's 32 bits. */
function lineStart(keyId: string): string {
  const bytes = keyId.match(/../g)?.map((byte) => Number.parseInt(byte, 16)) ?? [];
  return btoa(String.fromCharCode(...bytes)).slice(0, 5);
}
