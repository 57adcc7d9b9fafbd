import { tableTests } from "./table-tests";

tableTests(0, 2);
