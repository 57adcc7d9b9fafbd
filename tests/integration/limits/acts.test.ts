import { expect, test } from "vitest";
import { maySendTo, signInMails } from "@/lib/accounts/sign-in-mail-limits";
import { anonymous, type Viewer } from "@/lib/platform/context";
import { actsPerHour, consumeAct } from "@/lib/platform/rate-limit/acts";
import { testDatabase } from "../../support/database";

const { db } = await testDatabase();

test("an account's acts are counted by kind, another account's apart", async () => {
  const as = (userId: string): Viewer => ({ role: "member", userId, name: "x" });
  for (let done = 0; done < actsPerHour.draft; done += 1)
    await consumeAct({ db, viewer: as("usr_one") }, "draft");
  await expect(consumeAct({ db, viewer: as("usr_one") }, "draft")).rejects.toMatchObject({
    code: "too-many-requests",
  });
  await consumeAct({ db, viewer: as("usr_one") }, "text");
  await consumeAct({ db, viewer: as("usr_two") }, "draft");
  await consumeAct({ db, viewer: anonymous }, "draft");
});

test("neither one mailbox nor all of them can be flooded by one caller", async () => {
  const mailbox = await Promise.all(
    Array.from({ length: signInMails.address + 1 }, () => maySendTo(db, "A@example.org", "192.0.2.1")),
  );
  expect(mailbox.filter(Boolean)).toHaveLength(signInMails.address);
  const many = [];
  for (let index = 0; index < signInMails.caller; index += 1)
    many.push(await maySendTo(db, `${index}@example.org`, "192.0.2.1"));
  expect(many.filter(Boolean)).toHaveLength(signInMails.caller - mailbox.length);
  expect(await maySendTo(db, "new@example.org", "192.0.2.1")).toBe(false);
  expect(await maySendTo(db, "new@example.org", "192.0.2.2")).toBe(true);
});
