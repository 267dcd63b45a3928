package manyi.generate;

import java.io.Serializable;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;

/** The calendar quarters of the period, each a survey wave that is asked in its last thirty days. */
final class Waves implements Serializable {
    private static final long serialVersionUID = 1L;
    private static final int FIELD_DAYS = 30;

    private final String[] names;
    private final int[] starts;
    private final int[] waveOfDay;

    Waves(LocalDate from, int days) {
        List<String> named = new ArrayList<>();
        waveOfDay = new int[days];
        int[] begun = new int[days];
        for (int day = 0; day < days; day++) {
            LocalDate date = from.plusDays(day);
            String name = date.getYear() + "Q" + ((date.getMonthValue() + 2) / 3);
            if (named.isEmpty() || !named.get(named.size() - 1).equals(name)) {
                begun[named.size()] = day;
                named.add(name);
            }
            waveOfDay[day] = named.size() - 1;
        }
        names = named.toArray(String[]::new);
        starts = java.util.Arrays.copyOf(begun, names.length + 1);
        starts[names.length] = days;
    }

    int count() {
        return names.length;
    }

    String name(int wave) {
        return names[wave];
    }

    /** The first day of the quarter, counted from the first day of the period. */
    int start(int wave) {
        return starts[wave];
    }

    /** The day after the quarter's last. */
    int end(int wave) {
        return starts[wave + 1];
    }

    /** The first day on which answers are given. */
    int fieldStart(int wave) {
        return Math.max(start(wave), end(wave) - FIELD_DAYS);
    }

    int of(int day) {
        return waveOfDay[day];
    }
}
