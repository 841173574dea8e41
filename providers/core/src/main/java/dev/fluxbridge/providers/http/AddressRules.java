package dev.fluxbridge.providers.http;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.util.Arrays;
import java.util.List;

/**
 * Which addresses belong to the public internet.
 *
 * <p>Source: the IANA registries of IPv4 and IPv6 special-purpose addresses (RFC 6890 and its
 * updates), NAT64 RFC 6052, 6to4 RFC 7526; Azure's documentation for its own address.
 */
final class AddressRules {
  private static final List<Block> SPECIAL_V4 =
      Block.all(
          "0.0.0.0/8", // this network
          "10.0.0.0/8", // private
          "100.64.0.0/10", // carrier-grade NAT
          "127.0.0.0/8", // loopback
          "168.63.129.16/32", // the host of an Azure machine, though it looks public
          "169.254.0.0/16", // link-local, cloud metadata
          "172.16.0.0/12", // private
          "192.0.0.0/24", // protocol assignments
          "192.0.2.0/24", // documentation
          "192.88.99.0/24", // 6to4 relays
          "192.168.0.0/16", // private
          "198.18.0.0/15", // benchmarks
          "198.51.100.0/24", // documentation
          "203.0.113.0/24", // documentation
          "224.0.0.0/4", // multicast
          "240.0.0.0/4"); // reserved, broadcast

  private static final Block GLOBAL_V6 = Block.of("2000::/3");
  private static final Block NAT64 = Block.of("64:ff9b::/96");
  private static final List<Block> SPECIAL_V6 =
      Block.all(
          "2001::/23", // protocol assignments: Teredo, ORCHID, benchmarks
          "2001:db8::/32", // documentation
          "2002::/16", // 6to4: an IPv4 address in disguise
          "3fff::/20"); // documentation

  private AddressRules() {}

  /** Whether a download may go there. */
  static boolean isPublic(InetAddress address) {
    byte[] bytes = address.getAddress();
    if (address instanceof Inet4Address) {
      return SPECIAL_V4.stream().noneMatch(block -> block.holds(bytes));
    }
    if (NAT64.holds(bytes)) {
      byte[] inner = Arrays.copyOfRange(bytes, 12, 16);
      return SPECIAL_V4.stream().noneMatch(block -> block.holds(inner));
    }
    // v4-mapped, unique-local, link-local, site-local and multicast all lie outside 2000::/3
    return GLOBAL_V6.holds(bytes) && SPECIAL_V6.stream().noneMatch(block -> block.holds(bytes));
  }

  /** Addresses that begin with the same bits. */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  private record Block(byte[] prefix, int bits) {

    static List<Block> all(String... blocks) {
      return Arrays.stream(blocks).map(Block::of).toList();
    }

    static Block of(String block) {
      int slash = block.indexOf('/');
      try {
        // a literal: nothing is looked up
        byte[] prefix = InetAddress.getByName(block.substring(0, slash)).getAddress();
        return new Block(prefix, Integer.parseInt(block.substring(slash + 1)));
      } catch (java.net.UnknownHostException impossible) {
        throw new IllegalStateException(impossible);
      }
    }

    boolean holds(byte[] address) {
      if (address.length != prefix.length) {
        return false;
      }
      for (int bit = 0; bit < bits; bit++) {
        int mask = 0x80 >> (bit % 8);
        if ((address[bit / 8] & mask) != (prefix[bit / 8] & mask)) {
          return false;
        }
      }
      return true;
    }
  }
}
