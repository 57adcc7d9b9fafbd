import { tableTests } from "./table-tests";

tableTests(1, 2);
