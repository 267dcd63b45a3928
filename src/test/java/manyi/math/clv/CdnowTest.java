package manyi.math.clv;

import org.junit.jupiter.api.Test;

class CdnowTest {
    @Test
    void prints() {
        System.out.println(BgNbd.fit(Cdnow.sample().cells()));
        System.out.println(MbgNbd.fit(Cdnow.sample().cells()));
        System.out.println(ParetoNbd.fit(Cdnow.sample().cells()));
        System.out.println(GammaGamma.fit(Cdnow.sample().spends()));
        System.out.println(GammaGamma.correlation(Cdnow.sample().spends()));
        var m = new BgNbd(.243, 4.414, .793, 2.426);
        System.out.println(m.probabilityAlive(2, 30.43, 38.86) + " " + m.expectedPurchases(2, 30.43, 38.86, 39));
    }
}
