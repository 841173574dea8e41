package dev.fluxbridge.providers.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** Holds the guard's rules against ranges written down a second time, as numbers. */
class AddressRulesPropertyTest {
  /** First and last address of each range that is not public. */
  private static final long[][] SPECIAL = {
    {0x00000000L, 0x00ffffffL},
    {0x0a000000L, 0x0affffffL},
    {0x64400000L, 0x647fffffL},
    {0x7f000000L, 0x7fffffffL},
    {0xa83f8110L, 0xa83f8110L},
    {0xa9fe0000L, 0xa9feffffL},
    {0xac100000L, 0xac1fffffL},
    {0xc0000000L, 0xc00000ffL},
    {0xc0000200L, 0xc00002ffL},
    {0xc0586300L, 0xc05863ffL},
    {0xc0a80000L, 0xc0a8ffffL},
    {0xc6120000L, 0xc613ffffL},
    {0xc6336400L, 0xc63364ffL},
    {0xcb007100L, 0xcb0071ffL},
    {0xe0000000L, 0xffffffffL}
  };

  private static boolean special(int address) {
    long number = Integer.toUnsignedLong(address);
    for (long[] range : SPECIAL) {
      if (number >= range[0] && number <= range[1]) {
        return true;
      }
    }
    return false;
  }

  private static boolean allowed(byte... address) {
    try {
      return AddressRules.isPublic(InetAddress.getByAddress(address));
    } catch (UnknownHostException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  private static byte[] v4(int address) {
    return ByteBuffer.allocate(4).putInt(address).array();
  }

  /** A longer address with this one in its end. */
  private static byte[] ending(int address, int first, int second, int third) {
    return ByteBuffer.allocate(16)
        .putInt(first)
        .putInt(second)
        .putInt(third)
        .putInt(address)
        .array();
  }

  /** The ends of all ranges, their neighbours, and any others. */
  @Provide
  Arbitrary<Integer> addresses() {
    Arbitrary<Integer> ends =
        Arbitraries.of(SPECIAL)
            .flatMap(range -> Arbitraries.of(range[0], range[1]))
            .flatMap(end -> Arbitraries.of((int) (end - 1), (int) (long) end, (int) (end + 1)));
    return Arbitraries.oneOf(ends, Arbitraries.integers());
  }

  @Property(tries = 2000)
  void lettingAnAddressPassGoesByItsRange(@ForAll("addresses") int address) {
    assertThat(allowed(v4(address))).isEqualTo(!special(address));
  }

  @Property(tries = 1000)
  void noDisguiseMakesAnAddressBetter(@ForAll("addresses") int address) {
    assertThat(allowed(ending(address, 0, 0, 0xffff))).as("mapped").isEqualTo(!special(address));
    assertThat(allowed(ending(address, 0x0064ff9b, 0, 0))).as("NAT64").isEqualTo(!special(address));
    assertThat(allowed(ending(address, 0, 0, 0))).as("compatible").isFalse();
    assertThat(allowed(ending(address, 0x0064ff9b, 0x00010000, 0))).as("local NAT64").isFalse();
    byte[] sixToFour =
        ByteBuffer.allocate(16)
            .putShort((short) 0x2002)
            .putInt(address)
            .putShort((short) 1)
            .array();
    assertThat(allowed(sixToFour)).as("6to4").isFalse();
    assertThat(allowed(ending(address, 0x20010000, 0, 0))).as("Teredo").isFalse();
  }

  @Property(tries = 2000)
  void onlyGlobalUnicastPasses(@ForAll long high, @ForAll long low) throws Exception {
    byte[] bytes = ByteBuffer.allocate(16).putLong(high).putLong(low).array();
    InetAddress address = InetAddress.getByAddress(bytes);

    if (AddressRules.isPublic(address) && address.getAddress().length == 16) {
      assertThat(high >>> 61).isEqualTo(1);
    }
    if (address.isLoopbackAddress()
        || address.isSiteLocalAddress()
        || address.isLinkLocalAddress()
        || address.isMulticastAddress()
        || address.isAnyLocalAddress()) {
      assertThat(AddressRules.isPublic(address)).isFalse();
    }
  }
}
