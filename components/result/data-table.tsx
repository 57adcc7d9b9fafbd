import type { ReactNode } from "react";
import { TableBox } from "@/components/data/table-box";

interface TableColumn {
  readonly name: string;
  readonly number?: boolean;
}

interface DataTableProps {
  readonly caption: string;
  readonly columns: readonly TableColumn[];
  /** The first cell of a row names it. */
  readonly rows: readonly (readonly ReactNode[])[];
}

/** A table of a result: its caption says the finding; on a phone each row is a card. */
export function DataTable({ caption, columns, rows }: DataTableProps) {
  return (
    <div className="data-table" data-narrow={columns.length < 4 || undefined}>
      <TableBox label={caption} tall={rows.length > 14}>
        <table data-cards>
          <caption>{caption}</caption>
          <thead>
            <tr>
              {columns.map(({ name, number }) => (
                <th key={name} scope="col" data-number={number || undefined}>
                  {name}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.map(([head, ...cells], index) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: the rows are part of a result that never changes
              <tr key={index}>
                <th scope="row">{head}</th>
                {cells.map((cell, at) => {
                  const column = columns[at + 1];
                  return (
                    <td
                      key={column?.name}
                      data-number={column?.number || undefined}
                      data-label={column?.name}
                    >
                      {cell}
                    </td>
                  );
                })}
              </tr>
            ))}
          </tbody>
        </table>
      </TableBox>
    </div>
  );
}
