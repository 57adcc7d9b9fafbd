#!/usr/bin/env python3
"""Checks one entry of a Slipmark log, offline: python3 verify.py [FOLDER] [--log-key FILE]

Needs Python 3.8 or later and the openssl command (3.0 or later); ssh-keygen where an author signed with an SSH key.
Nothing else, and no network. Prints each step; exit status 0 if all of it holds, 1 if anything does not.

Formats: in-toto v1 and DSSE (statement.json), RFC 6962 and RFC 9162 (hashes, inclusion), C2SP signed-note,
tlog-checkpoint, tlog-cosignature and tlog-proof, RFC 3161 (timestamp.tsr).
"""
import argparse
import base64
import binascii
import datetime
import hashlib
import json
import os
import re
import struct
import subprocess
import sys
import tempfile

README_SHA256 = "@README_SHA256@"
MEDIA_TYPE = "application/vnd.in-toto+json"
VERIFY_TYPE = "https://slsa.dev/verification_summary/v1"
VERIFY_PART = "urn:slipmark:statement:verify:v1"
HEX64 = re.compile(r"[0-9a-f]{64}")


class Refused(Exception):
    """One file, one sentence."""

    def __init__(self, name, problem):
        super().__init__("%s: %s" % (name, problem))


def need(condition, name, problem):
    if not condition:
        raise Refused(name, problem)


def sha256(*parts):
    return hashlib.sha256(b"".join(parts)).digest()


def from_base64(text, name, what):
    """Strict: the one way to write these bytes, so that no character can change unnoticed."""
    try:
        data = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        raise Refused(name, "%s is not base64" % what)
    need(base64.b64encode(data).decode() == text, name, "%s is not written as base64 is written" % what)
    return data


def canonical(value):
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def from_json(data, name):
    """Strict: canonical bytes only, which also excludes a key that stands twice."""
    try:
        value = json.loads(data.decode("utf-8"))
    except (UnicodeDecodeError, ValueError):
        raise Refused(name, "is not JSON")
    need(isinstance(value, dict) and canonical(value) == data, name, "is not canonical JSON: its bytes were changed")
    return value


def run(command, folder, given=b""):
    try:
        return subprocess.run(command, cwd=folder, input=given, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    except OSError:
        sys.exit("The command %s is missing on this machine: nothing was decided." % command[0])


def ed25519_holds(public_key, message, signature):
    """By the openssl command; the public key as 32 raw bytes."""
    with tempfile.TemporaryDirectory() as folder:
        spki = binascii.unhexlify("302a300506032b6570032100") + public_key
        for name, data in (("key", spki), ("message", message), ("signature", signature)):
            with open(os.path.join(folder, name), "wb") as file:
                file.write(data)
        command = ["openssl", "pkeyutl", "-verify", "-pubin", "-keyform", "DER", "-inkey", "key"]
        return run(command + ["-rawin", "-in", "message", "-sigfile", "signature"], folder).returncode == 0


# ---- the files

def read_folder(folder):
    files = {}
    for place, _, names in os.walk(folder):
        for name in names:
            path = os.path.join(place, name)
            with open(path, "rb") as file:
                files[os.path.relpath(path, folder).replace(os.sep, "/")] = file.read()
    return files


def file_of(files, name):
    need(name in files, name, "is missing")
    return files[name]


def public_key_of(files):
    name = "public-key.pem"
    try:
        text = file_of(files, name).decode("ascii")
    except UnicodeDecodeError:
        raise Refused(name, "is not PEM")
    match = re.fullmatch(r"-----BEGIN PUBLIC KEY-----\n([A-Za-z0-9+/=\n]+)-----END PUBLIC KEY-----\n", text)
    need(match, name, "is not a public key in PEM")
    der = from_base64(match.group(1).replace("\n", ""), name, "the key")
    lines = base64.b64encode(der).decode()
    lines = "".join(lines[at:at + 64] + "\n" for at in range(0, len(lines), 64))
    need(lines == match.group(1), name, "is not written as PEM is written")
    return der


def verifier_keys(data, name, types):
    """Lines "name+id+base64(type ‖ key)" (signed-note): [(name, id, public key)]."""
    found = []
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        raise Refused(name, "is not UTF-8")
    need(text == "" or text.endswith("\n"), name, "does not end with a line")
    for line in text.split("\n")[:-1]:
        parts = line.split("+", 2)
        need(len(parts) == 3 and parts[0] != "" and re.fullmatch(r"[0-9a-f]{8}", parts[1]), name, "is not a verifier key")
        material = from_base64(parts[2], name, "the key")
        need(len(material) == 33 and material[0] in types, name, "is not an Ed25519 key of the expected kind")
        key_id = sha256(parts[0].encode(), b"\n", material)[:4]
        need(key_id.hex() == parts[1], name, "the key id of %s does not belong to its key" % parts[0])
        found.append((parts[0], key_id, material[1:]))
    return found


# ---- the steps

def check_statement(files, leaf):
    """The signature over the statement, and that leaf and statement belong together."""
    name = "statement.json"
    envelope = from_json(file_of(files, name), name)
    need(set(envelope) == {"payload", "payloadType", "signatures"}, name, "is not a DSSE envelope")
    need(envelope["payloadType"] == MEDIA_TYPE, name, "is not an in-toto statement")
    signatures = envelope["signatures"]
    need(isinstance(signatures, list) and len(signatures) == 1, name, "needs exactly one signature")
    need(isinstance(signatures[0], dict) and set(signatures[0]) == {"keyid", "sig"}, name, "is not a DSSE envelope")
    payload = from_base64(envelope["payload"], name, "the payload")
    signature = from_base64(signatures[0]["sig"], name, "the signature")
    pae = b"DSSEv1 %d %s %d %s" % (len(MEDIA_TYPE), MEDIA_TYPE.encode(), len(payload), payload)
    need(sha256(pae).hex() == leaf["pae"], name, "its hash is not the one in leaf.json")
    need(signatures[0]["sig"] == leaf["sig"], name, "its signature is not the one in leaf.json")
    spki = public_key_of(files)
    need(signatures[0]["keyid"] == sha256(spki).hex(), "public-key.pem", "is not the key that statement.json names")
    if signature.startswith(b"SSHSIG"):
        check_ssh(spki, pae, signature)
        step("signed by its author's SSH key", "SHA-256 of the key %s" % sha256(spki).hex())
    else:
        prefix = binascii.unhexlify("302a300506032b6570032100")
        need(len(spki) == 44 and spki.startswith(prefix), "public-key.pem", "is not an Ed25519 key")
        need(ed25519_holds(spki[12:], pae, signature), name, "the signature does not hold")
        step("the statement is signed", "SHA-256 of the key %s" % sha256(spki).hex())

    statement = from_json(payload, name)
    kind = leaf["kind"]
    expected = VERIFY_TYPE if kind == "verify" else "urn:slipmark:statement:%s:v1" % kind
    need(statement.get("_type") == "https://in-toto.io/Statement/v1", name, "is not an in-toto v1 statement")
    need(statement.get("predicateType") == expected, name, "is of another kind than leaf.json says")
    predicate = statement.get("predicate") or {}
    salt = (predicate.get(VERIFY_PART) or {} if kind == "verify" else predicate).get("salt", "")
    need(isinstance(salt, str) and HEX64.fullmatch(salt), name, "has no salt")
    key = sha256(binascii.unhexlify(salt), spki).hex()
    need(key == leaf["key"], "leaf.json", "was not made for this key and statement")
    step("the leaf was made from this statement, signature and key", "statement %s" % leaf["pae"])
    return statement


def check_ssh(spki, message, signature):
    """An SSHSIG blob (openssh PROTOCOL.sshsig): by ssh-keygen, and made by the key in public-key.pem."""
    def field(at):
        need(len(signature) >= at + 4, "statement.json", "the SSH signature is cut off")
        length = struct.unpack(">I", signature[at:at + 4])[0]
        need(len(signature) >= at + 4 + length, "statement.json", "the SSH signature is cut off")
        return signature[at + 4:at + 4 + length], at + 4 + length

    key, at = field(10)
    namespace, _ = field(at)
    need(namespace == b"slipmark", "statement.json", "the SSH signature was made for another purpose")
    head = b"\x00\x00\x00\x0bssh-ed25519\x00\x00\x00 "
    need(key.startswith(head) and len(spki) == 44 and key[len(head):] == spki[12:], "public-key.pem",
         "is not the key that made the SSH signature")
    with tempfile.TemporaryDirectory() as folder:
        lines = base64.b64encode(signature).decode()
        lines = "".join(lines[at:at + 70] + "\n" for at in range(0, len(lines), 70))
        with open(os.path.join(folder, "signature"), "w") as file:
            file.write("-----BEGIN SSH SIGNATURE-----\n%s-----END SSH SIGNATURE-----\n" % lines)
        command = ["ssh-keygen", "-Y", "check-novalidate", "-n", "slipmark", "-s", "signature"]
        need(run(command, folder, message).returncode == 0, "statement.json", "the SSH signature does not hold")


def check_payloads(files, statement, gone):
    """What the statement cites by digest, as "sha256:…", is here unless it was redacted; nothing else is."""
    cited = set()

    def look(value):
        if isinstance(value, dict):
            for one in value.values():
                look(one)
        elif isinstance(value, list):
            for one in value:
                look(one)
        elif isinstance(value, str) and value.startswith("sha256:") and HEX64.fullmatch(value[7:]):
            cited.add(value[7:])

    look(statement["predicate"])
    here = {name[9:]: data for name, data in files.items() if name.startswith("payloads/")}
    for digest, data in sorted(here.items()):
        name = "payloads/" + digest
        need(digest in cited, name, "is not cited by the statement")
        need(sha256(data).hex() == digest, name, "its bytes were changed: the hash is another")
        label = b"slipmark/payload/v1\n"
        need(data.startswith(label) and len(data) >= len(label) + 40, name, "is not a payload")
        need(struct.unpack(">Q", data[len(label) + 32:len(label) + 40])[0] == len(data) - len(label) - 40, name,
             "is not a payload")
    for digest in sorted(cited - set(here)):
        need(digest in gone, "payloads/" + digest, "is missing")
    step("what the statement cites is here unchanged", "%d of %d" % (len(here), len(cited)))


def parse_note(text, name):
    """A signed note: its text, and its signature lines as (name, key id, signature)."""
    at = text.rfind("\n\n")
    need(at >= 0 and text.endswith("\n"), name, "is not a signed note")
    lines = []
    for line in text[at + 2:].split("\n")[:-1]:
        parts = line.split(" ")
        need(len(parts) == 3 and parts[0] == "\u2014" and parts[1] != "", name, "has a line that is no signature")
        data = from_base64(parts[2], name, "a signature")
        need(len(data) > 4, name, "has a line that is no signature")
        lines.append((parts[1], data[:4], data[4:]))
    need(lines, name, "is not signed")
    return text[:at + 1], lines


def parse_checkpoint(text, name):
    lines = text.split("\n")
    need(len(lines) == 4 and lines[3] == "" and lines[0] != "", name, "is not a checkpoint")
    need(re.fullmatch(r"0|[1-9][0-9]{0,15}", lines[1]), name, "has no size")
    root = from_base64(lines[2], name, "the root")
    need(len(root) == 32, name, "the root is not 32 bytes")
    return lines[0], int(lines[1]), root


def check_checkpoint(text, lines, keys, name):
    """Signed by the log under its own name. Lines of keys that are not known are passed over."""
    origin, size, root = parse_checkpoint(text, name)
    named = [key for key in keys if key[0] == origin]
    need(named, name, "its origin %s is not the name of the log's key" % origin)
    held = False
    for key_name, key_id, public_key in named:
        for line in lines:
            if line[:2] == (key_name, key_id):
                need(len(line[2]) == 64 and ed25519_holds(public_key, text.encode(), line[2]), name,
                     "the log's signature does not hold")
                held = True
    need(held, name, "the log has not signed it")
    return origin, size, root


def inclusion_root(index, size, leaf_hash, path, name):
    """RFC 9162, 2.1.3.2."""
    need(index < size, name, "the index is not below the size")
    node, last, result = index, size - 1, leaf_hash
    for sibling in path:
        need(last > 0, name, "the proof is too long")
        if node & 1 or node == last:
            result = sha256(b"\x01", sibling, result)
            while node and not node & 1:
                node, last = node >> 1, last >> 1
        else:
            result = sha256(b"\x01", result, sibling)
        node, last = node >> 1, last >> 1
    need(last == 0, name, "the proof is too short")
    return result


def check_proof(files, leaf_bytes, keys):
    name = "entry.tlog-proof"
    try:
        text = file_of(files, name).decode("utf-8")
    except UnicodeDecodeError:
        raise Refused(name, "is not UTF-8")
    head, separator, note = text.partition("\n\n")
    lines = head.split("\n")
    need(separator and lines[0] == "c2sp.org/tlog-proof@v1", name, "is not a tlog-proof")
    match = len(lines) > 1 and re.fullmatch(r"index (0|[1-9][0-9]{0,15})", lines[1])
    need(match, name, "names no index")
    index = int(match.group(1))
    path = [from_base64(line, name, "a hash") for line in lines[2:]]
    need(all(len(one) == 32 for one in path), name, "a hash is not 32 bytes")
    body, signatures = parse_note(note, name)
    origin, size, root = check_checkpoint(body, signatures, keys, name)
    step("the checkpoint is signed by the log", "%s, %d entries" % (origin, size))
    need(inclusion_root(index, size, sha256(b"\x00", leaf_bytes), path, name) == root, name,
         "leaf, index and proof do not lead to the checkpoint's root")
    step("the leaf stands in the log", "entry %d of %d" % (index, size))
    return body, signatures


def check_witnesses(files, body, signatures):
    witnesses = verifier_keys(file_of(files, "witnesses.vkeys"), "witnesses.vkeys", (4,))
    for name, key_id, public_key in witnesses:
        own = [line[2] for line in signatures if line[:2] == (name, key_id)]
        need(own, "entry.tlog-proof", "the witness %s has not signed the checkpoint" % name)
        for data in own:
            need(len(data) == 72, "entry.tlog-proof", "the cosignature of %s is malformed" % name)
            seconds = struct.unpack(">Q", data[:8])[0]
            message = b"cosignature/v1\ntime %d\n" % seconds + body.encode()
            need(ed25519_holds(public_key, message, data[8:]), "entry.tlog-proof",
                 "the cosignature of %s does not hold" % name)
            step("a witness signed the same checkpoint", "%s, %s" % (name, utc(seconds)))
    if not witnesses:
        print("  --  no witness in this bundle: the date rests on the log's word, or on a timestamp below")


def utc(seconds):
    try:
        return datetime.datetime.fromtimestamp(seconds, datetime.timezone.utc).strftime("%Y-%m-%d %H:%M:%S UTC")
    except (OverflowError, OSError, ValueError):
        return "second %d" % seconds


def check_timestamp(files, body, keys):
    parts = ("timestamp.tsr", "timestamp.note", "timestamp-ca.pem")
    if not any(name in files for name in parts):
        print("  --  no timestamp of an outside authority in this bundle")
        return
    for name in parts:
        file_of(files, name)
    try:
        text, lines = parse_note(files["timestamp.note"].decode("utf-8"), "timestamp.note")
    except UnicodeDecodeError:
        raise Refused("timestamp.note", "is not UTF-8")
    check_checkpoint(text, lines, keys, "timestamp.note")
    need(text == body, "timestamp.note", "is about another checkpoint than entry.tlog-proof")
    blocks = re.findall(r"-----BEGIN CERTIFICATE-----\n[A-Za-z0-9+/=\n]+-----END CERTIFICATE-----\n",
                        files["timestamp-ca.pem"].decode("ascii", "replace"))
    need(blocks and "".join(blocks).encode() == files["timestamp-ca.pem"], "timestamp-ca.pem",
         "is not a list of certificates")
    with tempfile.TemporaryDirectory() as place:
        for name in parts:
            with open(os.path.join(place, name), "wb") as file:
                file.write(files[name])
        said = run(["openssl", "ts", "-reply", "-in", "timestamp.tsr", "-text"], place).stdout.decode("utf-8", "replace")
        date = re.search(r"Time stamp: (\w{3} +\d+ \d\d:\d\d:\d\d)(?:\.\d+)? (\d{4}) GMT", said)
        need(date, "timestamp.tsr", "is not a timestamp with a date")
        moment = datetime.datetime.strptime("%s %s" % date.groups(), "%b %d %H:%M:%S %Y")
        # The authority's certificate is judged at the time of the token: it may have run out since. And a root's
        # signature over itself is checked, so that no byte of it can be exchanged.
        seconds = int(moment.replace(tzinfo=datetime.timezone.utc).timestamp())
        how = ["-CAfile", "timestamp-ca.pem", "-check_ss_sig", "-attime", str(seconds)]
        answer = run(["openssl", "ts", "-verify", "-in", "timestamp.tsr", "-data", "timestamp.note"] + how, place)
        need(answer.returncode == 0, "timestamp.tsr", "openssl refuses the token over timestamp.note")
        check_certificates(place, how, blocks)
    step("an outside authority dated the checkpoint", utc(seconds))


def check_certificates(place, how, roots):
    """Every certificate in the token leads to the roots: also those that its signature does not need."""
    name = "timestamp.tsr"
    run(["openssl", "ts", "-reply", "-in", name, "-token_out", "-out", "token"], place)
    printed = run(["openssl", "pkcs7", "-inform", "DER", "-in", "token", "-print_certs"], place)
    found = re.findall(r"-----BEGIN CERTIFICATE-----\n[^-]+-----END CERTIFICATE-----\n", printed.stdout.decode("utf-8", "replace"))
    need(printed.returncode == 0, name, "openssl cannot read the certificates in it")
    for block in found:
        with open(os.path.join(place, "others"), "w") as file:
            file.write("".join(found))
        with open(os.path.join(place, "one"), "w") as file:
            file.write(block)
        same = block in roots or run(["openssl", "verify"] + how + ["-untrusted", "others", "one"], place).returncode == 0
        need(same, name, "has a certificate that the roots do not vouch for")


def check_leaf(files):
    name = "leaf.json"
    leaf = from_json(file_of(files, name), name)
    need(set(leaf) == {"key", "kind", "pae", "sig", "t", "v"} and leaf["v"] == 1, name, "is not a leaf of version 1")
    need(all(isinstance(leaf[one], str) for one in ("key", "kind", "pae", "sig", "t")), name, "is not a leaf of version 1")
    need(HEX64.fullmatch(leaf["pae"]) and HEX64.fullmatch(leaf["key"]), name, "is not a leaf of version 1")
    return leaf


def redactions(files):
    if "redacted.json" not in files:
        return None
    value = from_json(files["redacted.json"], "redacted.json")
    need(set(value) == {"payloads", "statement", "tombstone"} and isinstance(value["payloads"], list)
         and isinstance(value["statement"], bool) and isinstance(value["tombstone"], int),
         "redacted.json", "is not a note of a redaction")
    return value


def check(folder, log_key):
    files = read_folder(folder)
    leaf = check_leaf(files)
    keys = verifier_keys(file_of(files, "log.vkey"), "log.vkey", (1,))
    need(keys, "log.vkey", "is empty")
    if log_key is not None:
        keys = verifier_keys(log_key, "--log-key", (1,))
    gone = redactions(files)
    if gone is not None and gone["statement"]:
        need("statement.json" not in files, "redacted.json", "says that statement.json was taken down")
        print("  --  the statement was redacted: entry %d of the log is its tombstone. Only its place is checked"
              % gone["tombstone"])
    else:
        statement = check_statement(files, leaf)
        check_payloads(files, statement, gone["payloads"] if gone else [])
        if gone:
            print("  --  redacted, with entry %d as tombstone: %s" % (gone["tombstone"], ", ".join(gone["payloads"])))
    body, signatures = check_proof(files, file_of(files, "leaf.json"), keys)
    check_witnesses(files, body, signatures)
    check_timestamp(files, body, keys)
    name = "README.txt"
    if name in files:
        need(sha256(files[name]).hex() == README_SHA256, name, "is not the one that belongs to verify.py")
    known = re.compile(r"(statement|leaf|redacted)\.json|entry\.tlog-proof|public-key\.pem|log\.vkey|witnesses\.vkeys|"
                       r"timestamp(\.tsr|\.note|-ca\.pem)|payloads/[0-9a-f]{64}|verify\.py|README\.txt")
    for name in sorted(files):
        need(known.fullmatch(name), name, "does not belong here: nothing vouches for it")
    print("\nEvery check holds. Dated %s by the log itself (its claim)." % leaf["t"])
    if log_key is None:
        print("The log's key came with this folder. Compare it with the one you trust, or give --log-key:")
        print(files["log.vkey"].decode().strip())


def step(what, fact):
    print("  ok  %s (%s)" % (what, fact))


def main():
    parser = argparse.ArgumentParser(description="Checks one entry of a Slipmark log, offline.")
    parser.add_argument("folder", nargs="?", default=os.path.dirname(os.path.abspath(__file__)))
    parser.add_argument("--log-key", metavar="FILE", help="verifier key of the log, from a source of your own")
    options = parser.parse_args()
    try:
        log_key = None
        if options.log_key:
            with open(options.log_key, "rb") as file:
                log_key = file.read().rstrip(b"\n") + b"\n"
        check(options.folder, log_key)
    except Refused as problem:
        print("FAIL  %s" % problem)
        print("\nThis bundle is not to be relied on.")
        return 1
    except OSError as problem:
        print("FAIL  %s" % problem)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
